/** Addresses and routes as rtnetlink(7) messages; pure, numbers as in linux/rtnetlink.h and if_addr.h. */

import { ipBytes, isIpv6, uint32 } from "./attribute-value.ts";
import type { InterfaceAddress, Route } from "./kernel.ts";
import { type Attribute, encodeAttributes } from "./netlink.ts";

export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
export const RTM_NEWRULE = 32;

const AF_INET = 2;
const AF_INET6 = 10;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_BROADCAST = 4;
const IFA_CACHEINFO = 6;
const IFA_RT_PRIORITY = 9;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_PREFSRC = 7;
/** linux/fib_rules.h */
const FRA_DST = 1;
const FRA_PRIORITY = 6;
const FRA_UID_RANGE = 20;
const FR_ACT_UNREACHABLE = 7;
/** Before the rules of the tables main and default, which have 32766 and 32767. */
const OWN_PRIORITY = 5_000;
const LAST_UID = 0xfffffffe;
const RT_TABLE_MAIN = 254;
const RTPROT_DHCP = 16;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RTN_UNICAST = 1;
/** "For ever" as a lifetime (INFINITY_LIFE_TIME). */
const FOREVER = 0xffffffff;

/** struct ifaddrmsg. */
export function encodeAddress(
  index: number,
  { address, prefix, broadcast, validSeconds, metric }: InterfaceAddress,
): Uint8Array {
  const head = new Uint8Array(8);
  head.set([familyOf(address), prefix, 0, RT_SCOPE_UNIVERSE]);
  new DataView(head.buffer).setUint32(4, index, true);
  const attributes: Attribute[] = [
    [IFA_LOCAL, ipBytes(address)],
    [IFA_ADDRESS, ipBytes(address)],
  ];
  if (broadcast !== undefined) attributes.push([IFA_BROADCAST, ipBytes(broadcast)]);
  attributes.push([IFA_CACHEINFO, cacheInfo(validSeconds ?? FOREVER)]);
  if (metric !== undefined) attributes.push([IFA_RT_PRIORITY, uint32(metric)]);
  return join(head, attributes);
}

/** struct rtmsg. */
export function encodeRoute({ index, destination, prefix, gateway, source, metric }: Route): Uint8Array {
  const scope = gateway === undefined ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  const head = Uint8Array.of(
    familyOf(destination),
    prefix,
    0,
    0,
    RT_TABLE_MAIN,
    RTPROT_DHCP,
    scope,
    RTN_UNICAST,
    0,
    0,
    0,
    0,
  );
  const attributes: Attribute[] = [[RTA_OIF, uint32(index)]];
  if (prefix > 0) attributes.push([RTA_DST, ipBytes(destination)]);
  if (gateway !== undefined) attributes.push([RTA_GATEWAY, ipBytes(gateway)]);
  if (source !== undefined) attributes.push([RTA_PREFSRC, ipBytes(source)]);
  if (metric !== undefined) attributes.push([RTA_PRIORITY, uint32(metric)]);
  return join(head, attributes);
}

/** struct fib_rule_hdr: that network is unreachable for all users but root. */
export function encodeRootOnlyRule(network: string, prefix: number): Uint8Array {
  const head = Uint8Array.of(familyOf(network), prefix, 0, 0, 0, 0, 0, FR_ACT_UNREACHABLE, 0, 0, 0, 0);
  return join(head, [
    [FRA_DST, ipBytes(network)],
    [FRA_PRIORITY, uint32(OWN_PRIORITY)],
    [FRA_UID_RANGE, Uint8Array.of(...uint32(1), ...uint32(LAST_UID))],
  ]);
}

function familyOf(address: string): number {
  return isIpv6(address) ? AF_INET6 : AF_INET;
}

/** struct ifa_cacheinfo: preferred and valid lifetime in seconds. */
function cacheInfo(seconds: number): Uint8Array {
  const lifetime = Math.min(Math.trunc(seconds), FOREVER);
  const bytes = new Uint8Array(16);
  bytes.set(uint32(lifetime), 0);
  bytes.set(uint32(lifetime), 4);
  return bytes;
}

function join(head: Uint8Array, attributes: readonly Attribute[]): Uint8Array {
  return Buffer.concat([head, encodeAttributes(attributes)]);
}
