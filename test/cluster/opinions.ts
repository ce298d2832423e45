/** What the nodes of a simulated cluster think of each other. */

import type { SimulatedCluster } from "./simulated-cluster.ts";

function pairsOf(cluster: SimulatedCluster): { by: number; of: number }[] {
  const on = [...cluster.nodes.keys()].filter((index) => !cluster.off.has(index));
  return on.flatMap((by) => on.filter((of) => of !== by).map((of) => ({ by, of })));
}

/** Whether every node that is on thinks so of every other that is on. */
export function allThink(cluster: SimulatedCluster, wanted: string): boolean {
  return pairsOf(cluster).every(({ by, of }) => cluster.condition(of, by) === wanted);
}

/** Whether any node that is on thinks so of any other that is on. */
export function someThink(cluster: SimulatedCluster, wanted: string): boolean {
  return pairsOf(cluster).some(({ by, of }) => cluster.condition(of, by) === wanted);
}

/** Whether all that are on think so of that one. */
export function allThinkOf(cluster: SimulatedCluster, of: number, wanted: string): boolean {
  return cluster.nodes.every(
    (_, by) => by === of || cluster.off.has(by) || cluster.condition(of, by) === wanted,
  );
}

/** Lets seconds pass until it is so, `limit` at most; gives how many. */
export function secondsUntil(cluster: SimulatedCluster, condition: () => boolean, limit = 60): number {
  let seconds = 0;
  while (!condition() && seconds < limit) {
    cluster.second();
    seconds++;
  }
  return seconds;
}
