/** Where this node is: its address as PID 1 reports it, its number and map as setpe has set them. */

import { networkInterfaces } from "node:os";
import { isHostAddress, parseAddress, prefixToMask } from "../../system/address/ipv4.ts";
import { macNumber } from "../../system/address/mac.ts";
import { readStatus } from "../../system/state/node-status.ts";
import { type MapEntry, nodeAtAddress, parseMap } from "../map/map.ts";
import { readMapText, readOwnNode } from "../map/node-map.ts";

export interface OwnIdentity {
  /** Unsigned 32 bits. */
  readonly address: number;
  /** Length of the prefix of its network, 0 to 32. */
  readonly prefix: number;
  readonly aliases: readonly number[];
  /** 0 while this node is not configured. */
  readonly id: number;
  readonly map: readonly MapEntry[];
  /** Hardware address of the NIC that has the address; 0 where it has none. */
  readonly mac: number;
}

const LONGEST_PREFIX = 32;

/** Nothing while this node has no address. */
export async function readOwnIdentity(root: string): Promise<OwnIdentity | undefined> {
  const status = readStatus(root);
  const address = parseAddress(status?.address ?? "");
  if (address === undefined) return undefined;
  const aliases = root === "" ? otherAddresses(address) : [];
  const { prefix = LONGEST_PREFIX } = status ?? {};
  const nic = status?.nics.find(({ name }) => name === status.nic);
  const mac = macNumber(nic?.mac ?? "");
  return { address, prefix, aliases, id: readOwnNode(root) ?? 0, map: await readMap(root), mac };
}

/**
 * Whether a node may have that address: a host of this node's network, or any in its map. Network and broadcast
 * addresses are no host's; a network of two addresses or one has neither (RFC 3021).
 */
export function coversAddress(
  identity: Pick<OwnIdentity, "address" | "prefix" | "map">,
  address: number,
): boolean {
  if (!isHostAddress(address)) return false;
  const mask = prefixToMask(identity.prefix);
  if (((address ^ identity.address) & mask) !== 0) return nodeAtAddress(identity.map, address) !== undefined;
  const host = (address & ~mask) >>> 0;
  return identity.prefix >= LONGEST_PREFIX - 1 || (host !== 0 && host !== ~mask >>> 0);
}

/** A map that cannot be read has no numbers to compare with. Names are not looked up: setpe has refused bad ones. */
async function readMap(root: string): Promise<readonly MapEntry[]> {
  const resolve = () => Promise.resolve(undefined);
  return await parseMap(readMapText(root) ?? "", { resolve, program: "clumpd" }).catch(() => []);
}

/** The IPv4 addresses of the other network cards. */
function otherAddresses(own: number): number[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .flatMap(({ address }) => parseAddress(address) ?? [])
    .filter((address) => address !== own);
}
