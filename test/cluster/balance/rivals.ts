/** What the balance is compared with: schedulers that know all, and the rules of openMosix. */

import { LEAST_WANTED } from "../../../cluster/balance/decide.ts";
import { awake, type Cluster, moveSeconds } from "./cluster.ts";
import type { Job } from "./jobs.ts";

/** Knows what runs where, and how long each job still needs: the longest goes first, from the busiest to the idlest node. */
export function balanceKnowing(cluster: Cluster, mostMoves: number, now: number): void {
  for (;;) {
    const lengths = cluster.running.map((jobs) => jobs.length);
    const to = lengths.indexOf(Math.min(...lengths));
    const there = (lengths[to] ?? 0) + 1;
    let best: { readonly job: Job; readonly from: number; readonly gain: number } | undefined;
    for (const [from, jobs] of cluster.running.entries()) {
      if (jobs.length <= there) continue;
      for (const job of awake(jobs, now)) {
        const gain = (job.length - job.done) * (jobs.length - there) - moveSeconds(job.memory);
        const mayMove = now - job.came >= LEAST_WANTED && job.moves < mostMoves;
        if (mayMove && gain > (best?.gain ?? 0)) best = { job, from, gain };
      }
    }
    if (best === undefined) return;
    cluster.move(best.job, { ...best, to, now });
  }
}

interface Entry {
  readonly node: number;
  readonly load: number;
  readonly at: number;
}

/** Entries of a node's load vector, and how many of them a message carries. */
const VECTOR = 8;
const HALF = VECTOR / 2;
/** A process stays so long where it is before it may go; seconds. */
const RESIDENCY = 1;

/**
 * The rules of MOSIX and openMosix: Barak and Shiloh, A Distributed Load-balancing Policy for a Multicomputer, 1985; Barak
 * and La'adan, The MOSIX Multicomputer Operating System for High Performance Cluster Computing, 1998. Once a second each
 * node sends its load, and the newest half of its load vector, to a node drawn at random. A node whose load exceeds the
 * lowest in its vector by more than one process sends one there: the process that has run longest since it came. No node is asked.
 */
export class OpenMosix {
  readonly #cluster: Cluster;
  readonly #random: () => number;
  readonly #vectors: Entry[][];

  constructor(cluster: Cluster, random: () => number) {
    this.#cluster = cluster;
    this.#random = random;
    this.#vectors = cluster.running.map(() => []);
  }

  /** Once a second, after the loads were measured. */
  gossip(now: number): void {
    for (const [node, load] of this.#cluster.loads.entries()) {
      const to = Math.floor(this.#random() * this.#vectors.length);
      if (to === node) continue;
      const told = [{ node, load, at: now }, ...(this.#vectors[node] ?? []).slice(0, HALF)];
      const known = this.#vectors[to] ?? [];
      const all = [...told, ...known].filter((entry) => entry.node !== to).sort((a, b) => b.at - a.at);
      const newest = all.filter(
        (entry, index) => all.findIndex((each) => each.node === entry.node) === index,
      );
      this.#vectors[to] = newest.slice(0, VECTOR);
    }
  }

  balance(from: number, now: number): void {
    const vector = this.#vectors[from] ?? [];
    const [lowest] = [...vector].sort((a, b) => a.load - b.load);
    const load = this.#cluster.loads[from] ?? 0;
    if (lowest === undefined || load <= lowest.load + 1) return;
    const since = (job: Job) => now - Math.max(job.came, job.frozenUntil);
    const [job] = awake(this.#cluster.running[from] ?? [], now)
      .filter((each) => since(each) >= RESIDENCY)
      .sort((a, b) => since(b) - since(a));
    if (job === undefined) return;
    this.#cluster.move(job, { from, to: lowest.node, now });
    // The process counts there, and no more here, until the next reading.
    this.#vectors[from] = vector.map((entry) =>
      entry === lowest ? { ...entry, load: entry.load + 1 } : entry,
    );
    this.#cluster.loads[from] = load - 1;
  }
}
