/**
 * Prints how long nodes take to find each other without multicast, in a map of a /16, by the sweep of the daemon:
 * `bun test/cluster/strangers.ts`. They start within ten seconds of each other, and nothing is lost.
 */

import { Sweep } from "../../cluster/discovery/sweep.ts";
import { createRandom } from "../lib/random.ts";
import { SimulatedCluster } from "./simulated-cluster.ts";

const HOSTS = 65_534;
const FIRST = SimulatedCluster.address(0);
const MAP = [{ base: 1, address: FIRST, count: HOSTS }];
const TURNS = 5;
const START_SECONDS = 10;
const LONGEST_SECONDS = 20_000;

const random = createRandom(11);
const below = (most: number) => Math.floor(random() * most);

/** Places of nodes in the network, by name. */
const PLACES: Readonly<Record<string, (count: number) => number[]>> = {
  "one beside the other": (count) => {
    const first = below(HOSTS - count);
    return Array.from({ length: count }, (_, index) => first + index);
  },
  "within 1,000 addresses": (count) => {
    const first = below(HOSTS - 1_000);
    return distinct(count, () => first + below(1_000));
  },
  anywhere: (count) => distinct(count, () => below(HOSTS)),
};

function distinct(count: number, draw: () => number): number[] {
  const places = new Set<number>();
  while (places.size < count) places.add(draw());
  return [...places];
}

/** Seconds until all know all. */
function meet(hosts: number[], seed: number): number {
  const count = hosts.length;
  const cluster = new SimulatedCluster(count, { seed, acquainted: false, hosts });
  const nodes = cluster.nodes.map((node) => ({
    node,
    sweep: new Sweep(random),
    start: below(START_SECONDS),
  }));
  for (const index of nodes.keys()) cluster.off.add(index);
  for (let second = 0; second < LONGEST_SECONDS; second++) {
    for (const [index, { node, sweep, start }] of nodes.entries()) {
      if (second < start) continue;
      cluster.off.delete(index);
      const { address: own, alive, table } = node;
      for (const address of sweep.next(MAP, { own, alive })) {
        const isKnown = address === own || table.find(address) !== undefined;
        if (!isKnown) cluster.deliver(index, node.ask(address, cluster.now));
      }
    }
    cluster.second();
    if (second >= START_SECONDS && nodes.every(({ node }) => node.alive === count)) return second + 1;
  }
  return Number.POSITIVE_INFINITY;
}

for (const [name, choose] of Object.entries(PLACES)) {
  for (const count of [2, 10, 100]) {
    const took = Array.from({ length: TURNS }, (_, turn) => meet(choose(count), turn + 1)).sort(
      (a, b) => a - b,
    );
    console.log(`${count} nodes ${name}: ${took[Math.floor(TURNS / 2)]} s, ${took.at(-1)} s at most`);
  }
}
