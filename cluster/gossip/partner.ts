/** Whom a node speaks to this second. */

import type { NodeTable } from "./table.ts";

/** With one in so many messages at least, any node is tried, dead or not ("mindead" of gossimon). */
const LEAST_ALIVE = 5;
/** Tries to draw a living node before the message goes to anyone. */
const DRAWS = 16;

/** The slot of the partner, or nothing where nobody is known; `alive` counts the living, this node with them. */
export function choosePartner(
  table: NodeTable,
  { alive, random }: { readonly alive: number; readonly random: () => number },
): number | undefined {
  if (table.size === 0) return undefined;
  const anyone = drawBelow(table.size, random);
  if (random() < 1 / Math.max(LEAST_ALIVE, alive)) return anyone;
  const [one, other] = [drawAlive(table, random), drawAlive(table, random)];
  if (one === undefined || other === undefined) return anyone;
  // The one that was heard of longer ago: a death is found sooner, and no information grows very old.
  return table.producedAt(one) <= table.producedAt(other) ? one : other;
}

/** One of a list, which is not empty. */
export function drawOne<T>(list: readonly T[], random: () => number): T {
  return list[drawBelow(list.length, random)]!;
}

function drawAlive(table: NodeTable, random: () => number): number | undefined {
  for (let draw = 0; draw < DRAWS; draw++) {
    const slot = drawBelow(table.size, random);
    if (table.condition(slot) === "up") return slot;
  }
  return undefined;
}

function drawBelow(count: number, random: () => number): number {
  return Math.floor(random() * count);
}
