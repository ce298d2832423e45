/**
 * Prints what the balance is worth: `bun test/cluster/balance-simulation.ts [nodes...]`, default 4 and 64. Nodes have one
 * processor each. Jobs come to all nodes, or to a quarter of them, as a Poisson process, at 70 % of what all processors can
 * do, and need a Pareto time (shape 1.1, from 0.5 s to 500 s). The slowdown of a job is its time beside its time alone on a
 * processor. Three schedulers know at each moment what runs where and how long it still needs. "knowing-once" moves a job under the rules
 * of the balance: at the cost of a move, not before the job has run or waited for two seconds, and once. "knowing" moves a job as often as it
 * pays. "free" puts each job where the fewest run, at once and for nothing.
 */

import { isWorthALook } from "../../cluster/balance/cost.ts";
import { decide, LEAST_WANTED } from "../../cluster/balance/decide.ts";
import { Ledger } from "../../cluster/balance/ledger.ts";
import { Rooms } from "../../cluster/balance/room.ts";
import type { NodeView } from "../../cluster/view.ts";
import { drawJobs, type Job, randomFrom } from "./balance-jobs.ts";

export const SCHEDULERS = ["none", "ours", "knowing-once", "knowing", "free"] as const;
export type Scheduler = (typeof SCHEDULERS)[number];

const STEP = 0.1;
const STEPS_A_SECOND = Math.round(1 / STEP);
/** Of the load meter, each second. */
const WEIGHT = 0.3;
const MOVE_SECONDS = 0.5;
const MEMORY = 2 ** 20;

class Cluster {
  readonly running: Job[][];
  refusals = 0;
  readonly #random: () => number;
  readonly #ledgers: Ledger[];
  readonly #rooms: Rooms[];
  readonly #loads: number[];
  /** Steps of the last second in which a processor was busy. */
  readonly #busySteps: number[];
  /** What each node has told in the last seconds, the latest first. */
  readonly #told: NodeView[][] = [];
  /** Seconds by which the news of another node is old, as test/cluster/simulation.ts has it. */
  readonly #age: number;

  constructor(nodes: number, random: () => number) {
    this.#random = random;
    this.#age = nodes <= 16 ? 1 : 3;
    this.running = Array.from({ length: nodes }, () => []);
    this.#loads = this.running.map(() => 0);
    this.#busySteps = this.running.map(() => 0);
    this.#ledgers = this.running.map(() => new Ledger());
    this.#rooms = this.running.map(() => new Rooms());
  }

  /** Each node takes a reading of itself, once a second. */
  measure(now: number): void {
    const views = this.running.map((jobs, node) => {
      this.#loads[node] = (this.#loads[node] ?? 0) * (1 - WEIGHT) + WEIGHT * awake(jobs, now).length;
      const busy = (this.#busySteps[node] ?? 0) / STEPS_A_SECOND;
      this.#busySteps[node] = 0;
      return viewOf(node, { load: this.#loads[node] ?? 0, busy, heardUptime: now });
    });
    this.#told.unshift(views);
    this.#told.length = Math.min(this.#told.length, this.#age + 1);
  }

  /** One node decides, as clumpd does. */
  balance(home: number, now: number): void {
    const own = this.#told[0]?.[home];
    const ledger = this.#ledgers[home];
    if (own === undefined || ledger === undefined) return;
    for (const move of ledger.underway) if (now - move.begun >= MOVE_SECONDS) ledger.succeed(move, now);
    const nodes = this.#told.at(-1)!.with(home, { ...own, isSelf: true });
    if (!isWorthALook(nodes, now)) return;
    const jobs = this.running[home] ?? [];
    const mine = jobs.filter((job) => job.home === home && job.moves === 0);
    const candidates = mine.map(({ pid, done, came }) => ({
      ...{ pid, startTime: 0, used: done, wanted: now - came, demand: 1, memory: MEMORY },
    }));
    const running = awake(jobs, now).length;
    for (const { candidate, node, room } of decide({
      ...{ nodes, ledger, now, running, candidates, chance: this.#random },
    })) {
      const move = ledger.begin(candidate, node.address, MEMORY, now);
      const job = mine.find(({ pid }) => pid === candidate.pid)!;
      const full = this.#rooms[node.id - 1]!.promise(room, this.#told[0]![node.id - 1]!, now);
      if (full === undefined) this.move(job, { from: home, to: node.id - 1, now });
      else {
        this.refusals++;
        ledger.fail(move, full, now);
      }
    }
  }

  /** Knows what runs where, and how long each job still needs: the longest goes first, from the busiest to the idlest node. */
  balanceKnowing(mostMoves: number, now: number): void {
    const left = ({ length, done }: Job) => length - done;
    for (;;) {
      const lengths = this.running.map((jobs) => jobs.length);
      const to = lengths.indexOf(Math.min(...lengths));
      const there = (lengths[to] ?? 0) + 1;
      const [best] = this.running
        .flatMap((jobs, from) =>
          jobs.length <= there
            ? []
            : awake(jobs, now).map((job) => ({
                ...{ job, from },
                gain: left(job) * (jobs.length - there) - MOVE_SECONDS,
              })),
        )
        .filter(({ job, gain }) => now - job.came >= LEAST_WANTED && job.moves < mostMoves && gain > 0)
        .sort((one, other) => other.gain - one.gain);
      if (best === undefined) return;
      this.move(best.job, { ...best, to, now });
    }
  }

  move(job: Job, { from, to, now }: { from: number; to: number; now: number }): void {
    const jobs = this.running[from] ?? [];
    jobs.splice(jobs.indexOf(job), 1);
    this.running[to]?.push(job);
    job.moves++;
    job.frozenUntil = now + MOVE_SECONDS;
  }

  /** Each processor gives its jobs equal shares for a step; gives back the jobs that have ended. */
  run(now: number): Job[] {
    return this.running.flatMap((jobs, node) => {
      const sharing = awake(jobs, now);
      if (sharing.length > 0) this.#busySteps[node] = (this.#busySteps[node] ?? 0) + 1;
      for (const job of sharing) job.done += STEP / sharing.length;
      const ended = sharing.filter(({ done, length }) => done >= length);
      for (const job of ended) jobs.splice(jobs.indexOf(job), 1);
      return ended;
    });
  }
}

function awake(jobs: readonly Job[], now: number): Job[] {
  return jobs.filter(({ frozenUntil }) => frozenUntil <= now);
}

function viewOf(node: number, told: Pick<NodeView, "load" | "busy" | "heardUptime">): NodeView {
  return {
    ...{ id: node + 1, address: `10.0.${node >> 8}.${node & 255}`, aliases: [], state: "up", isSelf: false },
    ...{ status: 3, cpus: 1, speed: 10_000, memoryFree: 2 ** 30, memoryTotal: 2 ** 30, incarnation: 1 },
    ...{ version: "7.0", ...told },
  };
}

/** Seconds until jobs without an end that come at once to the first node are spread, no node with more than 1.25 times its share, and the moves until then. */
export function spread(nodes: number, jobs: number): { readonly seconds: number; readonly moves: number } {
  const cluster = new Cluster(nodes, randomFrom(1));
  const all = Array.from({ length: jobs }, (_, index) => ({
    ...{
      pid: index + 2,
      home: 0,
      came: 0,
      length: Number.POSITIVE_INFINITY,
      done: 0,
      moves: 0,
      frozenUntil: 0,
    },
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
  const jobs = drawJobs(simulation, randomFrom(seed));
  const cluster = new Cluster(nodes, randomFrom(seed + 1));
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
    if (scheduler === "knowing-once") cluster.balanceKnowing(1, now);
    if (scheduler === "knowing") cluster.balanceKnowing(Number.POSITIVE_INFINITY, now);
    if (scheduler !== "ours") continue;
    if (step % STEPS_A_SECOND === 0) cluster.measure(now);
    // Nodes decide once a second, and not all at the same moment.
    for (let node = step % STEPS_A_SECOND; node < nodes; node += STEPS_A_SECOND) cluster.balance(node, now);
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

if (import.meta.main) {
  const counts = process.argv.slice(2).map(Number);
  for (const nodes of counts.length > 0 ? counts : [4, 64])
    for (const homes of [nodes, nodes / 4])
      for (const scheduler of SCHEDULERS) {
        const result = simulate({ nodes, homes, seconds: 1_200, scheduler });
        const [slowdown, long, moves] = [result.slowdown, result.slowdownOfLong, result.movesPerJob].map(
          (number) => number.toFixed(2),
        );
        console.log(
          `${nodes} nodes, jobs come to ${homes}, ${scheduler}: slowdown ${slowdown}, of 10 s and more ${long}, ` +
            `${moves} moves a job, at most ${result.mostMoves}, ${result.refusals} refusals`,
        );
      }
}
