/** Links, addresses and routes as rtnetlink(7) messages; pure, numbers as in linux/rtnetlink.h and if_link.h. */

import type { InterfaceAddress, Link, Route } from "./kernel.ts";
import { type Attribute, decodeAttributes, encodeAttributes } from "./netlink.ts";

export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;
export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
/** Multicast group of link changes, as a bit of sockaddr_nl. */
export const RTMGRP_LINK = 1;

const AF_INET = 2;
const IFF_UP = 0x1;
const IFF_LOWER_UP = 0x10000;
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
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
const RT_TABLE_MAIN = 254;
const RTPROT_DHCP = 16;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RTN_UNICAST = 1;
/** "For ever" as a lifetime (INFINITY_LIFE_TIME). */
const FOREVER = 0xffffffff;

/** struct ifinfomsg for a change, or for the request of all links when there is none. */
export function encodeLink(
  index: number,
  change: { readonly up?: boolean; readonly mtu?: number } = {},
): Uint8Array {
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  view.setInt32(4, index, true);
  if (change.up !== undefined) {
    view.setUint32(8, change.up ? IFF_UP : 0, true);
    view.setUint32(12, IFF_UP, true);
  }
  return join(head, change.mtu === undefined ? [] : [[IFLA_MTU, uint32(change.mtu)]]);
}

/** The link of an RTM_NEWLINK or RTM_DELLINK body, `undefined` where it is too short or has no name. */
export function decodeLink(body: Uint8Array): Link | undefined {
  if (body.length < 16) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const flags = view.getUint32(8, true);
  const attributes = decodeAttributes(body.subarray(16));
  const name = attributes.get(IFLA_IFNAME);
  const mtu = attributes.get(IFLA_MTU);
  if (name === undefined) return undefined;
  return {
    index: view.getInt32(4, true),
    name: new TextDecoder().decode(name).replace(/\0.*$/, ""),
    type: view.getUint16(2, true),
    address: Uint8Array.from(attributes.get(IFLA_ADDRESS) ?? []),
    up: (flags & IFF_UP) !== 0,
    carrier: (flags & IFF_LOWER_UP) !== 0,
    mtu: mtu?.length === 4 ? new DataView(mtu.buffer, mtu.byteOffset).getUint32(0, true) : 0,
  };
}

/** struct ifaddrmsg. */
export function encodeAddress(
  index: number,
  { address, prefix, broadcast, validSeconds, metric }: InterfaceAddress,
): Uint8Array {
  const head = new Uint8Array(8);
  head.set([AF_INET, prefix, 0, RT_SCOPE_UNIVERSE]);
  new DataView(head.buffer).setUint32(4, index, true);
  const attributes: Attribute[] = [
    [IFA_LOCAL, ipv4(address)],
    [IFA_ADDRESS, ipv4(address)],
  ];
  if (broadcast !== undefined) attributes.push([IFA_BROADCAST, ipv4(broadcast)]);
  attributes.push([IFA_CACHEINFO, cacheInfo(validSeconds ?? FOREVER)]);
  if (metric !== undefined) attributes.push([IFA_RT_PRIORITY, uint32(metric)]);
  return join(head, attributes);
}

/** struct rtmsg. */
export function encodeRoute({ index, destination, prefix, gateway, source, metric }: Route): Uint8Array {
  const scope = gateway === undefined ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  const head = Uint8Array.of(
    AF_INET,
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
  if (prefix > 0) attributes.push([RTA_DST, ipv4(destination)]);
  if (gateway !== undefined) attributes.push([RTA_GATEWAY, ipv4(gateway)]);
  if (source !== undefined) attributes.push([RTA_PREFSRC, ipv4(source)]);
  if (metric !== undefined) attributes.push([RTA_PRIORITY, uint32(metric)]);
  return join(head, attributes);
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

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** @throws RangeError */
function ipv4(text: string): Uint8Array {
  const octets = text.split(".").map(Number);
  if (octets.length !== 4 || octets.some((octet) => !Number.isInteger(octet) || octet < 0 || octet > 255)) {
    throw new RangeError(
      `Cannot use address "${text}": four numbers from 0 to 255 with dots between are wanted`,
    );
  }
  return Uint8Array.from(octets);
}
