/**
 * Prints how the gossip scales: `bun test/cluster/simulation.ts [nodes...]`, 254 and 1000 unless said otherwise.
 * The formulas are gossimon's, for a window of as many entries as ours: the time until so many nodes have an
 * entry, T(w) = ln(w(n-1)/(n-w))(n-1)/n, and the worst age in a node's view, (ln n + 0.577)/(-w ln(1-1/(n-1))).
 */

import { SimulatedCluster, WINDOW } from "./simulated-cluster.ts";

/** Simulated seconds before anything is measured; a view of ten thousand takes longer to grow old. */
const SETTLE_SECONDS = Number(process.env["SETTLE"] ?? 180);
const LONGEST_SECONDS = 120;

interface Row {
  readonly nodes: number;
  readonly meanAge: number;
  readonly worstAge: number;
  readonly formulaWindow: number;
  readonly formulaWorst: number;
  readonly firstKnows: number;
  readonly allKnow: number;
  readonly datagrams: number;
  readonly bytes: number;
  readonly suspects: number;
}

function measure(count: number): Row {
  const cluster = new SimulatedCluster(count);
  cluster.seconds(SETTLE_SECONDS);
  const { mean, meanWorst } = cluster.ages();
  const traffic = { datagrams: cluster.datagrams, bytes: cluster.bytes };
  const suspects = countThinking(cluster, () => true, "suspect") + countThinking(cluster, () => true, "dead");
  const dead = Math.floor(count / 2);
  cluster.off.add(dead);
  let [seconds, firstKnows] = [0, 0];
  let know = 0;
  while (know < count - 1 && seconds < LONGEST_SECONDS) {
    cluster.second();
    seconds++;
    know = cluster.nodes.filter((_, by) => by !== dead && cluster.condition(dead, by) === "dead").length;
    if (know > 0 && firstKnows === 0) firstKnows = seconds;
  }
  const window = Math.min(WINDOW - 1, count - 1);
  return {
    nodes: count,
    meanAge: mean,
    worstAge: meanWorst,
    formulaWindow: (Math.log((window * (count - 1)) / (count - window)) * (count - 1)) / count,
    formulaWorst: (Math.log(count) + 0.577) / (-window * Math.log(1 - 1 / (count - 1))),
    firstKnows,
    allKnow: seconds,
    datagrams: traffic.datagrams / count / SETTLE_SECONDS,
    bytes: traffic.bytes / count / SETTLE_SECONDS,
    suspects,
  };
}

function countThinking(cluster: SimulatedCluster, isBy: (index: number) => boolean, wanted: string): number {
  let found = 0;
  for (const [index, { table }] of cluster.nodes.entries()) {
    if (!isBy(index)) continue;
    for (let slot = 0; slot < table.size; slot++) if (table.condition(slot) === wanted) found++;
  }
  return found;
}

const counts = process.argv.slice(2).map(Number);
for (const count of counts.length > 0 ? counts : [254, 1_000]) {
  const start = performance.now();
  const row = measure(count);
  const cells = Object.entries(row).map(([name, value]) => `${name} ${Number(value.toFixed(2))}`);
  console.log(`${cells.join(", ")} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
}
