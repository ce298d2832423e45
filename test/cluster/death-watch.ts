/** How soon the nodes of a simulated cluster know of deaths. */

import type { SimulatedCluster } from "./simulated-cluster.ts";

const SECONDS_BETWEEN_DEATHS = 3;
const LONGEST_SECONDS = 60;

/** Seconds from a death until the first knows of it, and all; infinite where they never did. */
export interface Death {
  readonly first: number;
  readonly all: number;
}

/** Switches nodes off one after the other, far from each other, and follows what becomes of each; `look` is called each second. */
export function watchDeaths(cluster: SimulatedCluster, deaths: number, look = () => {}): Death[] {
  const count = cluster.nodes.length;
  const died = new Map<number, number>();
  const first = new Map<number, number>();
  const all = new Map<number, number>();
  for (let second = 0; all.size < deaths && second < LONGEST_SECONDS; second++) {
    if (second % SECONDS_BETWEEN_DEATHS === 0 && died.size < deaths) {
      const index = Math.floor((died.size * count) / deaths);
      died.set(index, second);
      cluster.off.add(index);
    }
    cluster.second();
    look();
    for (const [index, at] of died) {
      const know = cluster.nodes.filter((_, by) => knows(cluster, by, index)).length;
      if (know > 0 && !first.has(index)) first.set(index, second + 1 - at);
      if (know === count - cluster.off.size && !all.has(index)) all.set(index, second + 1 - at);
    }
  }
  return [...died.keys()].map((index) => ({
    first: first.get(index) ?? Number.POSITIVE_INFINITY,
    all: all.get(index) ?? Number.POSITIVE_INFINITY,
  }));
}

function knows(cluster: SimulatedCluster, by: number, index: number): boolean {
  return !cluster.off.has(by) && cluster.condition(index, by) === "dead";
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
