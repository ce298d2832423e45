/**
 * Prints how well the gossip tells the dead from the living: `bun test/cluster/failures.ts [nodes...]`, 3, 50 and 254
 * unless said otherwise. Datagrams are lost, a node is held up, a network is cut and joined again.
 */

import { SimulatedCluster } from "./simulated-cluster.ts";

const LOSSES = [0, 0.02, 0.1];
/** Node-seconds of quiet in which nobody should be taken for dead, and the fewest seconds. */
const QUIET_NODE_SECONDS = 60_000;
const QUIET_SECONDS = 60;
const DEATHS = 10;
const SECONDS_BETWEEN_DEATHS = 4;
const PAUSES = 10;
const PAUSE_SECONDS = 5;
const LONGEST_SECONDS = 90;

function create(count: number, loss: number, seed: number): SimulatedCluster {
  const cluster = new SimulatedCluster(count, { seed, loss, compact: count > 2_000 });
  cluster.seconds(15);
  return cluster;
}

/** How many nodes took another for dead that was not, at the end of each second, summed up over them all. */
function countFalseDeaths(cluster: SimulatedCluster): { readonly pairs: number; readonly nodes: number } {
  let pairs = 0;
  const wronged = new Set<number>();
  for (const [by, { table }] of cluster.nodes.entries()) {
    if (cluster.off.has(by)) continue;
    for (let slot = 0; slot < table.size; slot++) {
      if (table.condition(slot) !== "dead") continue;
      const of = table.address(slot) - SimulatedCluster.address(0);
      if (cluster.off.has(of)) continue;
      pairs++;
      wronged.add(of);
    }
  }
  return { pairs, nodes: wronged.size };
}

function watchQuiet(cluster: SimulatedCluster): string {
  const seconds = Math.max(QUIET_SECONDS, Math.ceil(QUIET_NODE_SECONDS / cluster.nodes.length));
  let [pairs, nodes, bytes, most] = [0, 0, cluster.bytes, 0];
  for (let second = 0; second < seconds; second++) {
    const before = cluster.bytes;
    cluster.second();
    most = Math.max(most, cluster.bytes - before);
    const found = countFalseDeaths(cluster);
    pairs += found.pairs;
    nodes += found.nodes;
  }
  const count = cluster.nodes.length;
  bytes = (cluster.bytes - bytes) / count / seconds;
  return `${seconds} s quiet: false deaths ${nodes} node-seconds, ${pairs} pair-seconds; ${bytes.toFixed(0)} bytes a second and node, at most ${(most / count).toFixed(0)}`;
}

/** Nodes switched off one after the other: seconds until the first knows and all know. */
function watchDeaths(cluster: SimulatedCluster): string {
  const count = cluster.nodes.length;
  const deaths = Math.min(DEATHS, Math.max(Math.floor(count / 5), 1));
  const firsts: number[] = [];
  const alls: number[] = [];
  const dying = new Map<number, { at: number; isKnown: boolean }>();
  let [pairs, peak] = [0, 0];
  for (let second = 0; alls.length < deaths && second < LONGEST_SECONDS; second++) {
    const number = second / SECONDS_BETWEEN_DEATHS;
    if (Number.isInteger(number) && number < deaths) {
      const index = Math.floor((number * count) / deaths);
      dying.set(index, { at: second, isKnown: false });
      cluster.off.add(index);
    }
    const before = cluster.bytes;
    cluster.second();
    peak = Math.max(peak, (cluster.bytes - before) / count);
    pairs += countFalseDeaths(cluster).pairs;
    for (const [index, death] of dying) {
      const know = cluster.nodes.filter(
        (_, by) => !cluster.off.has(by) && cluster.condition(index, by) === "dead",
      ).length;
      if (know > 0 && !death.isKnown) {
        death.isKnown = true;
        firsts.push(second + 1 - death.at);
      }
      if (know === count - cluster.off.size) {
        alls.push(second + 1 - death.at);
        dying.delete(index);
      }
    }
  }
  const most = alls.length < deaths ? "never" : Math.max(...alls);
  return `deaths: the first ${mean(firsts)}, all ${mean(alls)}, at most ${most}; false ${pairs}; ${peak.toFixed(0)} bytes at most`;
}

/** Nodes held up one after the other, as by SIGSTOP: how many saw one dead. */
function watchPauses(cluster: SimulatedCluster): string {
  let [pairs, nodes] = [0, 0];
  const pauses = Math.min(PAUSES, cluster.nodes.length);
  for (let turn = 0; turn < pauses; turn++) {
    cluster.pause(Math.floor((turn * cluster.nodes.length) / pauses));
    const wronged = new Set<number>();
    for (let second = 0; second < PAUSE_SECONDS + 5; second++) {
      if (second === PAUSE_SECONDS) cluster.resume();
      cluster.second();
      const found = countFalseDeaths(cluster);
      pairs += found.pairs;
      if (found.nodes > 0) wronged.add(turn);
    }
    nodes += wronged.size;
  }
  return `${pauses} pauses of ${PAUSE_SECONDS} s: ${nodes} with false deaths, ${pairs} pair-seconds`;
}

function watchCut(cluster: SimulatedCluster): string {
  const count = cluster.nodes.length;
  const half = Math.floor(count / 2);
  const deadPairs = () => countFalseDeaths(cluster).pairs;
  cluster.reaches = (from, to) => from < half === to < half;
  const all = 2 * half * (count - half);
  const [cut, peak] = secondsUntil(cluster, () => deadPairs() === all);
  cluster.reaches = () => true;
  const [healed] = secondsUntil(cluster, () => deadPairs() === 0);
  return `a cut in two: known after ${cut} s, ${peak.toFixed(0)} bytes at most, healed after ${healed} s`;
}

function secondsUntil(cluster: SimulatedCluster, condition: () => boolean): [number, number] {
  let [seconds, peak] = [0, 0];
  while (!condition() && seconds < 300) {
    const before = cluster.bytes;
    cluster.second();
    peak = Math.max(peak, (cluster.bytes - before) / cluster.nodes.length);
    seconds++;
  }
  return [seconds, peak];
}

function mean(values: readonly number[]): string {
  return (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(1);
}

const counts = process.argv.slice(2).map(Number);
for (const count of counts.length > 0 ? counts : [3, 50, 254]) {
  for (const loss of LOSSES) {
    console.log(`\n${count} nodes, ${100 * loss} % lost`);
    console.log(watchQuiet(create(count, loss, 1)));
    console.log(watchDeaths(create(count, loss, 2)));
    console.log(watchPauses(create(count, loss, 3)));
    if (loss === 0 && count <= 1_000) console.log(watchCut(create(count, loss, 4)));
  }
}
