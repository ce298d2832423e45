/** Where this node is: its address as PID 1 reports it, its number and map as setpe has set them. */

import { networkInterfaces } from "node:os";
import { parseAddress } from "../../system/address/ipv4.ts";
import { readStatus } from "../../system/state/node-status.ts";
import { type MapEntry, parseMap } from "../map/map.ts";
import { readMapText, readOwnNode } from "../map/node-map.ts";

export interface OwnPlace {
  /** Unsigned 32 bits. */
  readonly address: number;
  readonly aliases: readonly number[];
  /** 0 while this node is not configured. */
  readonly id: number;
  readonly map: readonly MapEntry[];
}

/** Nothing while this node has no address. */
export async function readOwnPlace(root: string): Promise<OwnPlace | undefined> {
  const address = readOwnAddress(root);
  if (address === undefined) return undefined;
  const aliases = root === "" ? otherAddresses(address) : [];
  return { address, aliases, id: readOwnNode(root) ?? 0, map: await readMap(root) };
}

function readOwnAddress(root: string): number | undefined {
  const address = readStatus(root)?.address;
  return address === undefined ? undefined : parseAddress(address);
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
