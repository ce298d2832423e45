/** Sends guests of this node on, one or all, and fetches its own jobs home: mosctl expel and bring. */

import { reason } from "../../system/log.ts";
import type { Departures } from "./departures.ts";
import type { GuestNodes } from "./guest-nodes.ts";
import { type AwayJob, type GuestRecord, isAlive } from "./record.ts";
import { Refusal } from "./refusal.ts";
import type { Registry } from "./registry.ts";
import type { OnwardRequest } from "./request.ts";

export interface ClearingOptions {
  readonly away: Registry<AwayJob>;
  readonly present: Registry<GuestRecord>;
  readonly departures: Pick<Departures, "migrate" | "pass">;
  readonly nodes: Pick<GuestNodes, "recall" | "pass">;
  /** This node's LAN address. */
  readonly own: string;
}

/** A guest may still come while the first ones go. */
const ROUNDS = 3;

export class Clearing {
  readonly #options: ClearingOptions;
  #isFinishing = false;

  constructor(options: ClearingOptions) {
    this.#options = options;
  }

  /** Fetches each job of this node home. @throws Error with a line for each job that is still away */
  async bring(): Promise<void> {
    const { away, own, departures } = this.#options;
    await clear({
      left: () => away.all.filter((job) => job.node !== own && isAlive(job)),
      move: async ({ pid }) => void (await departures.migrate(pid, "home", 0)),
      describe: ({ pid, name, node }) => `process ${pid} (${name}) on ${node}`,
    });
  }

  /** From now on the daemon is wanted no longer than a process does that is away, or that came home. Gives their pids. */
  finish(uid: number): number[] {
    if (uid !== 0) throw new Refusal("Permission denied.");
    this.#isFinishing = true;
    return this.#jobs.map(({ pid }) => pid);
  }

  get hasFinished(): boolean {
    return this.#isFinishing && this.#jobs.length === 0;
  }

  get #jobs(): AwayJob[] {
    return this.#options.away.all.filter(isAlive);
  }

  /** This node decides that a guest goes on, and the guest's home performs. @throws NoRoom, and Error with the reason why it stays */
  async sendOnward({ pid, to, room }: OnwardRequest, uid: number): Promise<void> {
    const { present, own, nodes, departures } = this.#options;
    if (uid !== 0) throw new Refusal("Permission denied.");
    const guest = present.all.find((each) => each.pid === pid && isAlive(each));
    if (guest === undefined) throw new Refusal(`No such guest (${pid}).`);
    if (guest.home === own) await departures.pass(own, guest.job, to, room);
    else await nodes.pass(guest.home, guest.job, to, room);
  }

  /** Asks each guest's home to take the guest away. @throws Error with a line for each guest that is still here */
  async expel(): Promise<void> {
    const { present, own, nodes } = this.#options;
    await clear({
      left: () => present.all.filter((guest) => guest.home !== own && isAlive(guest)),
      move: async ({ home, job }) => await nodes.recall(home, job),
      describe: ({ order, name, home }) => `process ${order.pid} (${name}) of ${home}`,
    });
  }
}

interface Round<T> {
  readonly left: () => readonly T[];
  readonly move: (job: T) => Promise<void>;
  readonly describe: (job: T) => string;
}

async function clear<T extends { readonly job: string }>({ left, move, describe }: Round<T>): Promise<void> {
  const reasons = new Map<string, string>();
  for (let round = 0; round < ROUNDS && left().length > 0; round++)
    for (const job of left()) await move(job).catch((error: unknown) => reasons.set(job.job, reason(error)));
  const lines = left().map((job) => `Cannot move ${describe(job)}: ${reasons.get(job.job)}`);
  if (lines.length > 0) throw new Error(lines.join("\n"));
}
