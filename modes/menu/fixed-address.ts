/** A static address as typed; each part is checked by itself and has messages of its own. */

import type { Lease } from "../../probes/dhcp/lease.ts";
import { defaultRouteThrough, permanentLease } from "../../probes/dhcp/permanent-lease.ts";
import {
  addressToNumber,
  broadcastOf,
  classfulPrefix,
  isHostAddress,
  isInNetwork,
  maskToPrefix,
  networkOf,
  parseAddress,
} from "../../system/address/ipv4.ts";

export interface FixedAddress {
  /** Dotted decimal. */
  readonly address: string;
  /** 1 to 32. */
  readonly prefix: number;
  readonly gateway?: string;
  readonly nameServers: readonly string[];
}

/**
 * Parses "10.0.0.5/24", "10.0.0.5/255.255.255.0", or an address alone, which gets the mask of its class.
 * @throws RangeError
 */
export function parseAddressAndMask(text: string): Pick<FixedAddress, "address" | "prefix"> {
  const [address = "", mask, ...more] = text.trim().split("/");
  if (!isAddress(address) || more.length > 0) throw unusable("address", text, "one like 10.0.0.5/24");
  if (!isHostAddress(addressToNumber(address))) throw unusable("address", text, "the address of a host");
  const prefix = mask === undefined ? classfulPrefix(address) : parseMask(mask);
  if (prefix === undefined)
    throw unusable("mask", mask ?? "", "a number from 1 to 32, or a mask like 255.255.255.0");
  if (prefix < 31 && address === networkOf(address, prefix))
    throw unusable("address", text, "it is the address of the network, and that of a host");
  if (prefix < 31 && address === broadcastOf(address, prefix))
    throw unusable("address", text, "it is the broadcast address, and that of a host");
  return { address, prefix };
}

/** Parses the address of the default router; undefined for an empty text. @throws RangeError */
export function parseGateway(
  text: string,
  own: Pick<FixedAddress, "address" | "prefix">,
): string | undefined {
  const gateway = text.trim();
  if (gateway === "") return undefined;
  if (!isAddress(gateway)) throw unusable("router", text, "an address like 10.0.0.1, or nothing");
  if (!isInNetwork(gateway, own.address, own.prefix)) {
    const network = `${networkOf(own.address, own.prefix)}/${own.prefix}`;
    throw unusable("router", text, `an address in ${network}, the network of the card`);
  }
  if (gateway === own.address)
    throw unusable("router", text, "it is the card's own address, and that of another host");
  return gateway;
}

/** Parses addresses with blanks or commas between. @throws RangeError */
export function parseNameServers(text: string): string[] {
  const servers = text.split(/[\s,]+/).filter(Boolean);
  const wrong = servers.find((server) => !isAddress(server) || !isHostAddress(addressToNumber(server)));
  if (wrong !== undefined)
    throw unusable("name server", wrong, "addresses like 10.0.0.2 with blanks between, or nothing");
  return [...new Set(servers)];
}

/** What was typed, as a lease that never ends. */
export function leaseOf({ address, prefix, gateway, nameServers }: FixedAddress): Lease {
  return permanentLease({ address, prefix, routes: defaultRouteThrough(gateway), dns: nameServers });
}

function parseMask(text: string): number | undefined {
  const prefix = isAddress(text)
    ? maskToPrefix(addressToNumber(text))
    : /^\d{1,2}$/.test(text)
      ? Number(text)
      : 0;
  return prefix !== undefined && prefix >= 1 && prefix <= 32 ? prefix : undefined;
}

function isAddress(text: string): boolean {
  return parseAddress(text) !== undefined;
}

function unusable(what: string, text: string, wanted: string): RangeError {
  return new RangeError(`Cannot use ${text.trim() || "nothing"} as the ${what}: ${wanted} was wanted`);
}
