/** Nodes of one processor each, their jobs, and what they tell each other: the world of the simulation of the balance. */

import { isWorthALook } from "../../../cluster/balance/cost.ts";
import { type Choice, decide } from "../../../cluster/balance/decide.ts";
import { Ledger } from "../../../cluster/balance/ledger.ts";
import { Rooms } from "../../../cluster/balance/room.ts";
import type { NodeView } from "../../../cluster/view.ts";
import type { Job } from "./jobs.ts";

export const STEP = 0.1;
export const STEPS_A_SECOND = Math.round(1 / STEP);
/** Of the load meter, each second. */
const WEIGHT = 0.3;
const MOVE_SECONDS = 0.5;
const MEMORY_A_SECOND = 50e6;
const NODE_MEMORY = 2 ** 31;
/** As cluster/balance/balancer.ts has it. */
const TRIES = 8;

/** Mean seconds by which the news of another node is old, as cluster/gossip/README.md has them. */
const MEAN_AGES = [
  { nodes: 32, age: 1 },
  { nodes: 64, age: 2 },
  { nodes: 254, age: 7.6 },
  { nodes: 1_000, age: 26.1 },
] as const;

export class Cluster {
  readonly running: Job[][];
  readonly loads: number[];
  refusals = 0;
  readonly #random: () => number;
  readonly #ledgers: Ledger[];
  readonly #rooms: Rooms[];
  /** Steps of the last second in which a processor was busy. */
  readonly #busySteps: number[];
  /** What each node has told in the last seconds, the latest first. */
  readonly #told: NodeView[][] = [];
  readonly #oldest: number;

  constructor(nodes: number, random: () => number) {
    this.#random = random;
    this.#oldest = Math.round(2 * (MEAN_AGES.find((row) => nodes <= row.nodes)?.age ?? 30));
    this.running = Array.from({ length: nodes }, () => []);
    this.loads = this.running.map(() => 0);
    this.#busySteps = this.running.map(() => 0);
    this.#ledgers = this.running.map(() => new Ledger());
    this.#rooms = this.running.map(() => new Rooms());
  }

  /** Each node takes a reading of itself, once a second. */
  measure(now: number): void {
    const views = this.running.map((jobs, node) => {
      const load = (this.loads[node] ?? 0) * (1 - WEIGHT) + WEIGHT * awake(jobs, now).length;
      this.loads[node] = load;
      const busy = (this.#busySteps[node] ?? 0) / STEPS_A_SECOND;
      this.#busySteps[node] = 0;
      const memoryFree = NODE_MEMORY - jobs.reduce((sum, { memory }) => sum + memory, 0);
      return viewOf(node, { load, busy, memoryFree, heardUptime: now });
    });
    this.#told.unshift(views);
    this.#told.length = Math.min(this.#told.length, this.#oldest + 1);
  }

  /** One node decides, as clumpd does. */
  balance(at: number, now: number): void {
    const own = this.#told[0]?.[at];
    const ledger = this.#ledgers[at];
    if (own === undefined || ledger === undefined || own.load <= own.cpus) return;
    for (const move of ledger.underway)
      if (now >= move.begun + moveSeconds(move.memory)) ledger.succeed(move, now);
    const nodes = this.#seenBy(at, now).with(at, { ...own, isSelf: true });
    if (!isWorthALook(nodes, now)) return;
    for (let tries = 0; tries < TRIES; tries++) {
      const jobs = awake(this.running[at] ?? [], now);
      const candidates = jobs.map((job) => ({
        ...{ pid: job.pid, startTime: 0, used: job.done, wanted: now - Math.max(job.came, job.frozenUntil) },
        ...{ demand: 1, memory: job.memory },
        ...(job.moves > 0 && { guest: { home: addressOf(job.home), moves: job.moves } }),
      }));
      const running = jobs.length;
      const choices = decide({ nodes, ledger, now, running, candidates, chance: this.#random });
      const refusals = choices.filter((choice) => !this.#ask(choice, { from: at, now })).length;
      this.refusals += refusals;
      if (refusals === 0) return;
    }
  }

  /** News of a node grows older until the gossip brings the next. */
  #seenBy(at: number, now: number): NodeView[] {
    const phase = at * 7 + Math.floor(now);
    const most = this.#told.length;
    return this.running.map(
      (_, node) => this.#told[Math.min((phase + node * 13) % (this.#oldest + 1), most - 1)]![node]!,
    );
  }

  /** The other node knows better than its news of some seconds ago. */
  #ask({ candidate, node, room }: Choice, { from, now }: { from: number; now: number }): boolean {
    const ledger = this.#ledgers[from]!;
    const move = ledger.begin(candidate, node.address, candidate.memory, now);
    const to = node.id - 1;
    const full = this.#rooms[to]!.promise(room, this.#told[0]![to]!, now);
    if (full !== undefined) ledger.refuse(move, now);
    else this.move(this.running[from]!.find(({ pid }) => pid === candidate.pid)!, { from, to, now });
    return full === undefined;
  }

  move(job: Job, { from, to, now }: { from: number; to: number; now: number }): void {
    const jobs = this.running[from] ?? [];
    jobs.splice(jobs.indexOf(job), 1);
    this.running[to]?.push(job);
    job.moves++;
    job.frozenUntil = now + moveSeconds(job.memory);
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

export function moveSeconds(memory: number): number {
  return MOVE_SECONDS + memory / MEMORY_A_SECOND;
}

/** The jobs that are not on their way. */
export function awake(jobs: readonly Job[], now: number): Job[] {
  return jobs.filter(({ frozenUntil }) => frozenUntil <= now);
}

function addressOf(node: number): string {
  return `10.0.${node >> 8}.${node & 255}`;
}

function viewOf(
  node: number,
  told: Pick<NodeView, "load" | "busy" | "memoryFree" | "heardUptime">,
): NodeView {
  return {
    ...{ id: node + 1, address: addressOf(node), aliases: [], state: "up", isSelf: false },
    ...{ status: 3, cpus: 1, speed: 10_000, memoryTotal: NODE_MEMORY, incarnation: 1 },
    ...{ version: "7.0", ...told },
  };
}
