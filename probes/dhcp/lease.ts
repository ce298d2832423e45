/** A lease: what an OFFER or an ACK grants, checked. */

import {
  addressToNumber,
  broadcastOf,
  classfulPrefix,
  isHostAddress,
  isInNetwork,
  networkOf,
} from "../../system/address/ipv4.ts";
import { present } from "../../system/optional.ts";
import { readRoutes } from "./lease-routes.ts";
import type { OnIgnored } from "./packet/option-field.ts";
import type { ClasslessRoute } from "./packet/option-format.ts";
import { OPTION, type OptionReader, readOption, requireOption } from "./packet/options.ts";
import type { Packet } from "./packet/packet.ts";
import { DhcpPacketError } from "./packet/packet-error.ts";

export interface Lease {
  readonly address: string;
  /** 1 to 32. */
  readonly prefix: number;
  readonly broadcast?: string;
  /** Address of the server: option 54, which need not be the sender of the packet. */
  readonly server: string;
  /** Option 121 or 249; else option 33, and the default route through the first usable router of option 3. */
  readonly routes: readonly ClasslessRoute[];
  readonly dns: readonly string[];
  readonly domain?: string;
  /** Domains in which short names are looked up: option 119, or those of option 15 where it has several. */
  readonly search?: readonly string[];
  readonly hostname?: string;
  readonly ntp: readonly string[];
  readonly mtu?: number;
  /** Duration of the lease; Infinity for ever. */
  readonly seconds: number;
  /** T1: seconds until the client renews the lease with its server. */
  readonly renewAfter: number;
  /** T2: seconds until the client asks any server. */
  readonly rebindAfter: number;
}

/** 0xffffffff means for ever (RFC 2131, section 3.3). */
const FOR_EVER = 0xffffffff;

/** A shorter lease would end before the first retransmission of its renewal. */
const SHORTEST_LEASE_SECONDS = 4;

/** Every host must take a datagram of this size (RFC 791, section 3.1); DHCP itself does not fit into much less. */
const SMALLEST_MTU = 576;

/**
 * Reads the lease in a server's packet. Address, server and lease time must be right. Any other option that is wrong is
 * left out and passed to `ignored`: an address without NTP is better than none. @throws DhcpPacketError
 */
export function readLease(packet: Packet, ignored: OnIgnored = () => {}): Lease {
  const { yiaddr: address } = packet;
  const optional: OptionReader = (option) => {
    try {
      return readOption(packet.options, option);
    } catch (error) {
      if (!(error instanceof DhcpPacketError)) throw error;
      ignored(error);
      return undefined;
    }
  };
  const prefix = optional(OPTION.subnetMask) ?? classfulPrefix(address);
  checkAddress(address, prefix);
  const domains = optional(OPTION.domain);
  return {
    address,
    prefix,
    server: readServer(packet),
    ...readTimes(packet, optional),
    routes: readRoutes({ address, prefix }, { optional, ignored }),
    dns: hosts(optional(OPTION.dns)),
    ntp: hosts(optional(OPTION.ntp)),
    ...present("broadcast", readBroadcast(address, prefix, optional)),
    ...present("domain", domains?.[0]),
    ...present(
      "search",
      optional(OPTION.searchDomains) ?? (domains && domains.length > 1 ? domains : undefined),
    ),
    ...present("hostname", usable(optional(OPTION.hostname), hostnameFault, ignored)),
    ...present("mtu", usable(optional(OPTION.mtu), mtuFault, ignored)),
  };
}

/** Reads option 54 of an answer. @throws DhcpPacketError */
export function readServer(packet: Packet): string {
  const server = requireOption(packet.options, OPTION.server);
  if (!isHostAddress(addressToNumber(server)))
    throw new DhcpPacketError(`Cannot use a DHCP server: its address is ${server}`);
  return server;
}

function checkAddress(address: string, prefix: number): void {
  const reserved = [networkOf(address, prefix), broadcastOf(address, prefix)];
  // A /31 has two hosts and nothing else (RFC 3021), a /32 one.
  const isReserved = prefix < 31 && reserved.includes(address);
  if (!isHostAddress(addressToNumber(address)) || isReserved) {
    throw new DhcpPacketError(`Cannot use a lease: ${address}/${prefix} is no address for a host`);
  }
}

/** Option 28 if it lies in the network, else all host bits one; a /31 or /32 has no broadcast address. */
function readBroadcast(address: string, prefix: number, optional: OptionReader): string | undefined {
  const given = optional(OPTION.broadcast);
  if (prefix >= 31) return undefined;
  return given !== undefined && isInNetwork(given, address, prefix) ? given : broadcastOf(address, prefix);
}

/** T1 and T2 of the server; half and seven eighths of the lease if those are not in order (section 4.4.5). */
function readTimes(
  packet: Packet,
  optional: OptionReader,
): Pick<Lease, "seconds" | "renewAfter" | "rebindAfter"> {
  const seconds = requireOption(packet.options, OPTION.leaseTime);
  if (seconds === FOR_EVER) return { seconds: Infinity, renewAfter: Infinity, rebindAfter: Infinity };
  if (seconds < SHORTEST_LEASE_SECONDS) {
    throw new DhcpPacketError(
      `Cannot use a lease: it lasts ${seconds} s, wanted ${SHORTEST_LEASE_SECONDS} or more`,
    );
  }
  const renewAfter = optional(OPTION.renewalTime) ?? seconds / 2;
  const rebindAfter = optional(OPTION.rebindingTime) ?? (seconds * 7) / 8;
  const inOrder = renewAfter > 0 && renewAfter < rebindAfter && rebindAfter < seconds;
  return inOrder
    ? { seconds, renewAfter, rebindAfter }
    : { seconds, renewAfter: seconds / 2, rebindAfter: (seconds * 7) / 8 };
}

/** The value unless it has a fault. */
function usable<T>(value: T | undefined, findFault: (value: T) => string | undefined, ignored: OnIgnored) {
  const fault = value === undefined ? undefined : findFault(value);
  if (fault !== undefined) ignored(new DhcpPacketError(fault));
  return fault === undefined ? value : undefined;
}

function hostnameFault(name: string): string | undefined {
  const isLocal = /^localhost(\.|$)/i.test(name);
  return isLocal
    ? `Cannot use the host name ${name}: every machine has it for itself, and one of its own was wanted`
    : undefined;
}

function mtuFault(mtu: number): string | undefined {
  return mtu < SMALLEST_MTU ? `Cannot use an MTU of ${mtu}: ${SMALLEST_MTU} or more was wanted` : undefined;
}

function hosts(addresses: readonly string[] = []): readonly string[] {
  return [...new Set(addresses.filter((address) => isHostAddress(addressToNumber(address))))];
}
