/**
 * Prints how the gossip scales: `bun test/cluster/simulation.ts [nodes...]`, 254 and 1000 unless said otherwise;
 * 10000 takes half an hour and 4 GB. The formulas are gossimon's: X(T) = n e^(nT/(n-1)) / (n-1 + e^(nT/(n-1))) nodes
 * know after T seconds what one has begun to pass on, and with a window of w entries the oldest in a node's table
 * is (ln n + 0.577) / (-w ln(1-1/(n-1))) seconds old.
 */

import { mean, watchDeaths } from "./death-watch.ts";
import { SimulatedCluster, WINDOW } from "./simulated-cluster.ts";

/** From then on the ages no longer grow: three times as long as the formula has for entries of all nodes to come by. */
const SETTLE_SECONDS = (nodes: number) => Math.max(60, Math.ceil((3 * nodes) / WINDOW));
interface Row {
  readonly nodes: number;
  readonly "mean age": number;
  readonly "worst age": number;
  readonly "worst by formula": number;
  readonly "first knows": number;
  readonly "all know": number;
  readonly "all know at most": number;
  readonly "from first to all by formula": number;
  readonly "bytes a second": number;
  readonly "wrongly doubted": number;
}

function measure(count: number): Row {
  const cluster = new SimulatedCluster(count, { compact: true });
  cluster.seconds(SETTLE_SECONDS(count));
  const { mean: meanAge, meanWorst } = cluster.ages();
  const bytes = cluster.bytes;
  cluster.seconds(10);
  const perSecond = (cluster.bytes - bytes) / count / 10;
  const doubted = countDoubts(cluster);
  const deaths = watchDeaths(cluster, 10);
  const window = WINDOW - 1;
  return {
    nodes: count,
    "mean age": meanAge,
    "worst age": meanWorst,
    "worst by formula": (Math.log(count) + 0.577) / (-window * Math.log(1 - 1 / (count - 1))),
    "first knows": mean(deaths.map(({ first }) => first)),
    "all know": mean(deaths.map(({ all }) => all)),
    "all know at most": Math.max(...deaths.map(({ all }) => all)),
    // Where X(T) is n - 1.
    "from first to all by formula": (2 * Math.log(count - 1) * (count - 1)) / count,
    "bytes a second": perSecond,
    "wrongly doubted": doubted,
  };
}

function countDoubts(cluster: SimulatedCluster): number {
  let found = 0;
  for (const { table } of cluster.nodes) {
    for (let slot = 0; slot < table.size; slot++) if (table.condition(slot) !== "up") found++;
  }
  return found;
}

const counts = process.argv.slice(2).map(Number);
for (const count of counts.length > 0 ? counts : [254, 1_000]) {
  const start = performance.now();
  const row = measure(count);
  for (const [name, value] of Object.entries(row)) console.log(`${name.padEnd(42)}${value.toFixed(1)}`);
  console.log(`simulated in ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
}
