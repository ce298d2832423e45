/** The view of the cluster out of what the gossip has, with what is wrong in it. */

import { formatAddress } from "../../system/address/ipv4.ts";
import { formatMac, macBytes } from "../../system/address/mac.ts";
import { livesAfter } from "../../system/serial.ts";
import type { NodeEntry } from "../gossip/entry.ts";
import type { Gossip } from "../gossip/gossip.ts";
import { addressOfNode, type MapEntry } from "../map/map.ts";
import { type NodeView, UNKNOWN_LOAD } from "../view.ts";
import { releaseName } from "./release.ts";

export interface GatherOptions {
  readonly aliases: ReadonlyMap<number, readonly number[]>;
  /** Uptime of this machine at which something so many milliseconds old was said. */
  readonly uptimeOf: (age: number) => number;
  readonly now: number;
}

/** This node first, then all others by number and address. */
export function gatherNodes(gossip: Gossip, options: GatherOptions): NodeView[] {
  const { table, own, address, incarnation } = gossip;
  const self = { ...own, address, incarnation, beat: 0, age: 0, condition: "up" as const };
  const others = gossip.shown.map((slot) => table.entry(slot, options.now));
  others.sort((a, b) => a.id - b.id || a.address - b.address);
  return [self, ...others].map((entry, index) => nodeView(entry, { ...options, isSelf: index === 0 }));
}

function nodeView(
  entry: NodeEntry,
  { aliases, uptimeOf, isSelf }: GatherOptions & { isSelf: boolean },
): NodeView {
  const { address, age, beat, condition, mac, version, ...facts } = entry;
  return {
    ...facts,
    // Datagrams have hundredths, as those of MOSIX.
    load: entry.load / 100,
    address: formatAddress(address),
    aliases: (aliases.get(address) ?? []).map(formatAddress),
    ...(mac !== 0 && { mac: formatMac(macBytes(mac)) }),
    state: condition,
    isSelf,
    busy: Math.round(entry.busy * 1000) / 1000,
    heardUptime: uptimeOf(age),
    version: releaseName(version),
    // A node of openMosix says that it is there, and nothing more.
    ...(beat === 0 && !isSelf && UNKNOWN_LOAD),
  };
}

/** Numbers that more than one living node claims, and numbers that the map gives to another address. */
export function findProblems(nodes: readonly NodeView[], map: readonly MapEntry[]): string[] {
  const living = nodes.filter(({ id, state }) => id !== 0 && state !== "dead" && state !== "left");
  const clashes = [...Map.groupBy(living, ({ id }) => id)]
    .filter(([, claimants]) => claimants.length > 1)
    .map(([id, claimants]) => {
      const who = claimants.map(({ address, isSelf }) => (isSelf ? `this one, ${address}` : address));
      return `number ${id} is claimed by ${claimants.length} nodes: ${who.join(" and ")}`;
    });
  const strangers = living
    .filter(({ id, address, isSelf, state }) => !isSelf && state !== "silent" && !agrees(map, id, address))
    .map(({ id, address }) => `${address} says it is node ${id}, which is not so in this node's map`);
  return [...clashes, ...summed(strangers)];
}

function agrees(map: readonly MapEntry[], id: number, address: string): boolean {
  if (map.length === 0) return true;
  const wanted = addressOfNode(map, id);
  return wanted !== undefined && formatAddress(wanted) === address;
}

/** A cluster with another map has many; one line says it as well. */
function summed(sentences: readonly string[]): string[] {
  const [first] = sentences;
  if (first === undefined || sentences.length === 1) return [...sentences];
  return [`${first}, and ${sentences.length - 1} more like it`];
}

const CHANGES: Readonly<Record<NodeView["state"], string>> = {
  silent: "is there, and does not gossip",
  up: "is up",
  suspect: "does not answer",
  dead: "is dead",
  left: "has left",
};

/** One line for each node whose state is not what it was; suspicions pass, and are left out. */
export function describeChanges(before: readonly NodeView[], after: readonly NodeView[]): string[] {
  const known = new Map(before.map((node) => [node.address, node]));
  return after.flatMap((node) => {
    const old = known.get(node.address);
    if (node.isSelf || node.state === "suspect") return [];
    const isSame = old?.state === node.state || (old?.state === "suspect" && node.state === "up");
    const isReborn =
      old !== undefined && old.incarnation !== 0 && livesAfter(node.incarnation, old.incarnation) > 0;
    if (isSame && !isReborn) return [];
    const what = isReborn && node.state === "up" ? "is up again, in a new life" : CHANGES[node.state];
    return [`node ${node.id || "without number"} (${node.address}) ${what}`];
  });
}
