/** Whom a node speaks to this second. */

import type { AnsweredNodes } from "./answered-nodes.ts";
import type { Table } from "./table.ts";

/** With one in so many messages at least, any node is tried, dead or not ("mindead" of gossimon). */
const LEAST_ALIVE = 5;
/** Tries to draw a living node before the message goes to anyone. */
const DRAWS = 16;
/** Living nodes of which one is chosen. */
const CANDIDATES = 3;
/**
 * How often only proven nodes are drawn: whoever makes nodes up cannot keep the others from each other.
 */
const PROVEN_SHARE = 1 / 8;

export interface Nodes {
  readonly table: Table;
  readonly answered: AnsweredNodes;
  /** How many nodes are alive, this one included. */
  readonly alive: number;
}

/** The slot of the partner, or nothing where this node knows no other. */
export function choosePartner(nodes: Nodes, random: () => number): number | undefined {
  const { table, alive } = nodes;
  if (table.size === 0) return undefined;
  const anyone = drawBelow(table.size, random);
  if (random() < 1 / Math.max(LEAST_ALIVE, alive)) return anyone;
  // Of some living ones, the one heard of longest ago: a death is found sooner, and no information grows very old.
  const isProven = random() < PROVEN_SHARE;
  let partner: number | undefined;
  for (let turn = 0; turn < CANDIDATES; turn++) {
    const slot = (isProven ? drawProven(nodes, random) : undefined) ?? drawAlive(table, random);
    if (slot === undefined) return anyone;
    if (partner === undefined || table.producedAt(slot) < table.producedAt(partner)) partner = slot;
  }
  return partner;
}

/** The slot of a living node drawn at random, or nothing where none is easily found. */
export function drawAlive(table: Table, random: () => number): number | undefined {
  for (let draw = 0; draw < DRAWS; draw++) {
    const slot = drawBelow(table.size, random);
    if (table.condition(slot) === "up") return slot;
  }
  return undefined;
}

/** The slot of a living node that is proven, or nothing where none is easily found. */
export function drawProven({ table, answered }: Nodes, random: () => number): number | undefined {
  for (let draw = 0; draw < DRAWS; draw++) {
    const address = answered.draw(random);
    if (address === undefined) return undefined;
    const slot = table.find(address);
    if (slot !== undefined && table.condition(slot) === "up") return slot;
  }
  return undefined;
}

function drawBelow(count: number, random: () => number): number {
  return Math.floor(random() * count);
}
