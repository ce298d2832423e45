/**
 * Prints what the balance is worth: `bun test/cluster/balance-simulation.ts [nodes...]`, default 4, 64, 254 and 1000, as
 * lines of the table in docs/moves.md. Nodes have one processor each. Jobs come to all nodes, or to a quarter of them, as a
 * Poisson process, at 70 % of what all processors can do, and need a Pareto time (shape 1.1, from 0.5 s to 500 s). The
 * logarithm of their memory is uniform, from 1 MB to 256 MB. The slowdown of a job is its time beside its time alone on a processor.
 * Three schedulers know at each moment what runs where and how long it still needs. "knowing-once" moves a job under the
 * rules of the balance: at the cost of a move, not before the job has run or waited for two seconds, and once. "knowing"
 * moves a job as often as it pays. "free" puts each job where the fewest run, at once and for nothing.
 */

import { createRandom } from "../lib/random.ts";
import { Cluster, STEP, STEPS_A_SECOND } from "./balance/cluster.ts";
import { drawJobs, type Job } from "./balance/jobs.ts";
import { balanceKnowing, OpenMosix } from "./balance/rivals.ts";

export const SCHEDULERS = ["none", "openmosix", "ours", "knowing-once", "knowing", "free"] as const;
export type Scheduler = (typeof SCHEDULERS)[number];

/** Seconds until jobs without an end that come at once to the first node are spread, no node with more than 1.25 times its share, and the moves until then. */
export function spread(nodes: number, jobs: number): { readonly seconds: number; readonly moves: number } {
  const cluster = new Cluster(nodes, createRandom(1));
  const all: Job[] = Array.from({ length: jobs }, (_, index) => ({
    ...{ pid: index + 2, home: 0, came: 0, length: Number.POSITIVE_INFINITY, memory: 2 ** 20 },
    ...{ done: 0, moves: 0, frozenUntil: 0 },
  }));
  cluster.running[0]?.push(...all);
  for (let step = 0; ; step++) {
    const lengths = cluster.running.map((each) => each.length);
    if (Math.max(...lengths) <= 1.25 * Math.ceil(jobs / nodes) || step * STEP > 100)
      return { seconds: step * STEP, moves: all.reduce((sum, job) => sum + job.moves, 0) };
    cluster.run(step * STEP);
    if (step % STEPS_A_SECOND > 0) continue;
    cluster.measure(step * STEP);
    cluster.balance(0, step * STEP);
  }
}

export interface Simulation {
  readonly nodes: number;
  /** Jobs come to the first so many nodes. */
  readonly homes: number;
  readonly seconds: number;
  readonly scheduler: Scheduler;
  readonly seed?: number;
}

export interface Result {
  /** Mean of all jobs. */
  readonly slowdown: number;
  /** Mean of all jobs of 10 s or more. */
  readonly slowdownOfLong: number;
  readonly movesPerJob: number;
  readonly mostMoves: number;
  readonly refusals: number;
}

/** The same jobs each time, whatever schedules them. */
export function simulate(simulation: Simulation): Result {
  const { nodes, scheduler, seconds, seed = 1 } = simulation;
  const jobs = drawJobs(simulation, createRandom(seed));
  const cluster = new Cluster(nodes, createRandom(seed + 1));
  const act = ACTS[scheduler](cluster, createRandom(seed + 2));
  const slowdowns: { readonly length: number; readonly slowdown: number }[] = [];
  let next = 0;
  for (let step = 0; slowdowns.length < jobs.length && step * STEP < 20 * seconds; step++) {
    const now = step * STEP;
    for (let job = jobs[next]; job !== undefined && job.came <= now; job = jobs[++next]) {
      const lengths = cluster.running.map((each) => each.length);
      cluster.running[scheduler === "free" ? lengths.indexOf(Math.min(...lengths)) : job.home]?.push(job);
    }
    for (const { came, length } of cluster.run(now))
      slowdowns.push({ length, slowdown: Math.max(1, (now + STEP - came) / length) });
    act(step);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const moves = jobs.map((job) => job.moves);
  return {
    slowdown: mean(slowdowns.map(({ slowdown }) => slowdown)),
    slowdownOfLong: mean(slowdowns.flatMap(({ length, slowdown }) => (length >= 10 ? [slowdown] : []))),
    movesPerJob: mean(moves),
    mostMoves: Math.max(...moves),
    refusals: cluster.refusals,
  };
}

type Act = (step: number) => void;

/** What each scheduler does behind each step. */
const ACTS: Readonly<Record<Scheduler, (cluster: Cluster, random: () => number) => Act>> = {
  none: () => () => {},
  free: () => () => {},
  "knowing-once": (cluster) => (step) => balanceKnowing(cluster, 1, step * STEP),
  knowing: (cluster) => (step) => balanceKnowing(cluster, Number.POSITIVE_INFINITY, step * STEP),
  ours: (cluster) => (step) => {
    if (step % STEPS_A_SECOND === 0) cluster.measure(step * STEP);
    eachInTurn(cluster, step, (node) => cluster.balance(node, step * STEP));
  },
  openmosix: (cluster, random) => {
    const rules = new OpenMosix(cluster, random);
    return (step) => {
      if (step % STEPS_A_SECOND === 0) {
        cluster.measure(step * STEP);
        rules.gossip(step * STEP);
      }
      eachInTurn(cluster, step, (node) => rules.balance(node, step * STEP));
    };
  },
};

/** Nodes decide once a second, and not all at the same moment. */
function eachInTurn({ running }: Cluster, step: number, decide: (node: number) => void): void {
  for (let node = step % STEPS_A_SECOND; node < running.length; node += STEPS_A_SECOND) decide(node);
}

function secondsOf(nodes: number): number {
  if (nodes <= 64) return 1_200;
  return nodes <= 254 ? 300 : 100;
}

if (import.meta.main) {
  const counts = process.argv.slice(2).map(Number);
  // Where three nodes of four have no jobs of their own, large clusters take hours.
  for (const nodes of counts.length > 0 ? counts : [4, 64, 254, 1_000])
    for (const homes of nodes > 64 ? [nodes] : [nodes, Math.ceil(nodes / 4)]) {
      const cells = SCHEDULERS.map((scheduler) => {
        const result = simulate({ nodes, homes, seconds: secondsOf(nodes), scheduler });
        const [slowdown, long, moves] = [result.slowdown, result.slowdownOfLong, result.movesPerJob].map(
          (number) => number.toFixed(2),
        );
        console.error(
          `${nodes} nodes, ${scheduler}: ${moves} moves a job, at most ${result.mostMoves}, ${result.refusals} refusals`,
        );
        return `${slowdown} (${long})`;
      });
      console.log(`| ${[`${nodes}, ${homes === nodes ? "all" : homes}`, ...cells].join(" | ")} |`);
    }
}
