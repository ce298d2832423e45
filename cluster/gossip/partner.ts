/** Whom a node speaks to this second. */

import type { Table } from "./table.ts";

/** With one in so many messages at least, any node is tried, dead or not ("mindead" of gossimon). */
const LEAST_ALIVE = 5;
/** Tries to draw a living node before the message goes to anyone. */
const DRAWS = 16;
/** Living nodes of which one is chosen. */
const CANDIDATES = 3;

/** The slot of the partner, or nothing where nobody is known; `alive` counts the living, this node with them. */
export function choosePartner(
  table: Table,
  { alive, random }: { readonly alive: number; readonly random: () => number },
): number | undefined {
  if (table.size === 0) return undefined;
  const anyone = drawBelow(table.size, random);
  if (random() < 1 / Math.max(LEAST_ALIVE, alive)) return anyone;
  // Of some living ones, the one heard of longest ago: a death is found sooner, and no information grows very old.
  let partner: number | undefined;
  for (let turn = 0; turn < CANDIDATES; turn++) {
    const slot = drawAlive(table, random);
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

function drawBelow(count: number, random: () => number): number {
  return Math.floor(random() * count);
}
