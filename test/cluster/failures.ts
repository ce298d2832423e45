/**
 * Prints how well the gossip tells the dead from the living: `bun test/cluster/failures.ts [nodes...]`, 3, 50 and 254
 * unless said otherwise. Datagrams are lost, nodes die, a node is held up, a link is cut, a network
 * is cut and joined again, all but one die at once.
 */

import { mean, watchDeaths } from "./death-watch.ts";
import { allThinkOf, secondsUntil } from "./opinions.ts";
import { SimulatedCluster } from "./simulated-cluster.ts";

const LOSSES = [0, 0.02, 0.1];
/** Node-seconds of quiet in which nobody should be taken for dead, and the fewest seconds. */
const QUIET_NODE_SECONDS = 60_000;
const QUIET_SECONDS = 60;
const MOST_DEATHS = 10;
const MOST_PAUSES = 10;
const PAUSE_SECONDS = 5;
const LONGEST_SECONDS = 300;

function create(count: number, options: { loss: number; seed: number }): SimulatedCluster {
  const cluster = new SimulatedCluster(count, { ...options, compact: count > 2_000 });
  cluster.seconds(15);
  return cluster;
}

/** Pairs of nodes that are on, of which one takes the other for dead. */
function countFalseDeaths({ nodes, off }: SimulatedCluster): number {
  let pairs = 0;
  for (const [by, { table }] of nodes.entries()) {
    for (let slot = 0; slot < table.size && !off.has(by); slot++) {
      const of = table.address(slot) - SimulatedCluster.address(0);
      if (table.condition(slot) === "dead" && !off.has(of)) pairs++;
    }
  }
  return pairs;
}

/** A function to call each second, which counts false deaths and the most bytes a node has sent in one. */
function createMeter(cluster: SimulatedCluster) {
  const seen = { pairs: 0, mostBytes: 0, look };
  let before = cluster.bytes;
  function look(): void {
    seen.pairs += countFalseDeaths(cluster);
    seen.mostBytes = Math.max(seen.mostBytes, Math.round((cluster.bytes - before) / cluster.nodes.length));
    before = cluster.bytes;
  }
  return seen;
}

function watchQuiet(cluster: SimulatedCluster): string {
  const count = cluster.nodes.length;
  const seconds = Math.max(QUIET_SECONDS, Math.ceil(QUIET_NODE_SECONDS / count));
  const meter = createMeter(cluster);
  const before = cluster.bytes;
  for (let second = 0; second < seconds; second++) {
    cluster.second();
    meter.look();
  }
  const bytes = Math.round((cluster.bytes - before) / count / seconds);
  return `${seconds} s quiet: ${meter.pairs} false deaths, ${bytes} bytes a second and node, ${meter.mostBytes} at most`;
}

function watchDying(cluster: SimulatedCluster): string {
  const count = Math.min(MOST_DEATHS, Math.ceil(cluster.nodes.length / 5));
  const meter = createMeter(cluster);
  const deaths = watchDeaths(cluster, count, meter.look);
  const all = deaths.map((death) => death.all);
  const first = mean(deaths.map((death) => death.first)).toFixed(1);
  return `deaths: the first ${first} s, all ${mean(all).toFixed(1)} s, ${Math.max(...all)} s at most; ${meter.pairs} false deaths, ${meter.mostBytes} bytes at most`;
}

/** Nodes held up one after the other, as by SIGSTOP. */
function watchPauses(cluster: SimulatedCluster): string {
  const count = cluster.nodes.length;
  const pauses = Math.min(MOST_PAUSES, count);
  const meter = createMeter(cluster);
  for (let turn = 0; turn < pauses; turn++) {
    cluster.pause(Math.floor((turn * count) / pauses));
    for (let second = 0; second < 2 * PAUSE_SECONDS; second++) {
      if (second === PAUSE_SECONDS) cluster.resume();
      cluster.second();
      meter.look();
    }
  }
  return `${pauses} pauses of ${PAUSE_SECONDS} s: ${meter.pairs} false deaths`;
}

function watchCut(cluster: SimulatedCluster): string {
  const count = cluster.nodes.length;
  const half = Math.floor(count / 2);
  const meter = createMeter(cluster);
  const secondsUntilPairs = (pairs: number) => {
    for (let seconds = 0; seconds < LONGEST_SECONDS; seconds++) {
      if (countFalseDeaths(cluster) === pairs) return seconds;
      cluster.second();
      meter.look();
    }
    return Number.POSITIVE_INFINITY;
  };
  cluster.reaches = (from, to) => from < half === to < half;
  const known = secondsUntilPairs(2 * half * (count - half));
  cluster.reaches = () => true;
  return `a cut in two: all know after ${known} s, it has healed after ${secondsUntilPairs(0)} s, ${meter.mostBytes} bytes at most`;
}

/** Seconds for which the link between two nodes is cut, before one of the two dies. */
const LINK_CUT_SECONDS = [5, 60];

/** The link between two nodes is cut, both ways or one way only; then one of the two dies while it is cut. */
function watchLinks(count: number, loss: number): string {
  const outcomes = LINK_CUT_SECONDS.flatMap((seconds) =>
    [false, true].map((oneWay) => {
      const cluster = create(count, { loss, seed: seconds });
      const meter = createMeter(cluster);
      cluster.cut(0, 1, { oneWay });
      for (let second = 0; second < seconds; second++) {
        cluster.second();
        meter.look();
      }
      cluster.off.add(1);
      return { pairs: meter.pairs, all: secondsUntil(cluster, () => allThinkOf(cluster, 1, "dead")) };
    }),
  );
  const pairs = outcomes.reduce((sum, outcome) => sum + outcome.pairs, 0);
  return `a link cut for ${LINK_CUT_SECONDS.join(" and ")} s: ${pairs} false deaths; then a death: all ${Math.max(...outcomes.map(({ all }) => all))} s at most`;
}

/** All nodes but one are switched off in one second. */
function watchLastNode(cluster: SimulatedCluster): string {
  const count = cluster.nodes.length;
  for (let index = 1; index < count; index++) cluster.off.add(index);
  const areDead = () => cluster.nodes[0]!.alive === 1;
  return `all but one off at once: it knows after ${secondsUntil(cluster, areDead, LONGEST_SECONDS)} s`;
}

const counts = process.argv.slice(2).map(Number);
for (const count of counts.length > 0 ? counts : [3, 50, 254]) {
  for (const loss of LOSSES) {
    console.log(`\n${count} nodes, ${100 * loss} % lost`);
    console.log(watchQuiet(create(count, { loss, seed: 1 })));
    console.log(watchDying(create(count, { loss, seed: 2 })));
    console.log(watchPauses(create(count, { loss, seed: 3 })));
    console.log(watchLinks(count, loss));
    console.log(watchLastNode(create(count, { loss, seed: 5 })));
    if (loss === 0) console.log(watchCut(create(count, { loss, seed: 4 })));
  }
}
