/** Home's side of a guest that goes on to another node, or comes home; the home decides, and knows where it is. */

import { join } from "node:path";
import type { Log } from "../../system/log.ts";
import type { Passage } from "../migration/passage.ts";
import { startAgain } from "../migration/start-again.ts";
import type { Deputies } from "./deputies.ts";
import type { GuestNodes } from "./guest-nodes.ts";
import type { Members } from "./members.ts";
import { JOB_PATHS } from "./paths.ts";
import { type AwayJob, isAlive } from "./record.ts";
import type { Registry } from "./registry.ts";

export interface HopOptions {
  readonly registry: Registry<AwayJob>;
  readonly nodes: GuestNodes;
  readonly deputies: Pick<Deputies, "unlink">;
  readonly members: Pick<Members, "isGone">;
  /** This node's LAN address, and a passage to it. */
  readonly own: string;
  readonly passageHere: () => Promise<Passage>;
  readonly log: Log;
}

export class Hops {
  readonly #options: HopOptions;
  readonly #underway = new Set<string>();
  /** The next node of each guest that has been told to go on, until the answer is there, or is lost. */
  readonly #ordered = new Map<string, string>();

  constructor(options: HopOptions) {
    this.#options = options;
  }

  /**
   * Moves a guest on to the node with that LAN address, `isByItself` where no person has chosen the node.
   * @throws Error with the reason where it stays where it is
   */
  async move(job: AwayJob, next: string, isByItself: boolean): Promise<AwayJob> {
    const { registry, nodes } = this.#options;
    // Before anything happens: whichever daemon dies, the next one knows both nodes.
    registry.set({ ...job, next });
    this.#underway.add(job.job);
    this.#ordered.set(job.job, next);
    try {
      await nodes
        .sendOnward(job.node, job.job, next, isByItself)
        .finally(() => this.#ordered.delete(job.job));
    } catch (error) {
      await this.#settle(job.job);
      const settled = registry.get(job.job);
      if (settled?.node === next) return settled;
      throw error;
    } finally {
      this.#underway.delete(job.job);
    }
    return this.#arrived(job.job, next);
  }

  /**
   * Whether the guest on the node `from` is to go on to the node `next`. The order may come late: where its connection was
   * lost, that node has said meanwhile that the guest is there, and home has taken the order back.
   */
  isToGo(from: string, job: string, next: string): boolean {
    return this.#options.registry.get(job)?.node === from && this.#ordered.get(job) === next;
  }

  /**
   * Starts a job that was lost with its node again, here, from the image that was kept. Resolves with false where that
   * cannot be.
   */
  async startAgain({ job: name, pid }: AwayJob): Promise<boolean> {
    const { registry, own, passageHere, log } = this.#options;
    const job = registry.get(name);
    if (job?.kept === undefined || this.#underway.has(name)) return job?.kept !== undefined;
    const order = { ...job.kept.order, starts: (job.kept.order.starts ?? 0) + 1 };
    // Before anything happens: the next daemon finds out whether the guest is here, and each start has a number of its own.
    registry.set({ ...job, next: own, kept: { ...job.kept, order } });
    this.#underway.add(name);
    const state = await startAgain({
      ...{ order, folder: join(JOB_PATHS.kept, name), open: passageHere, hasEnded: () => !isAlive(job) },
      commit: () => void this.#arrived(name, own),
    }).finally(() => this.#underway.delete(name));
    if (state.at === "HOME") log.warn(`job ${pid} (${job.name}) cannot be started again: ${state.reason}`);
    if (state.at === "AWAY" && job.kept.waits) process.kill(pid, "SIGUSR1");
    return state.at === "AWAY";
  }

  /** Finds out what has become of guests whose move a daemon has not seen to its end. Called once a second. */
  sweep(): void {
    for (const { job, next } of this.#options.registry.all)
      if (next !== undefined && !this.#underway.has(job)) {
        this.#underway.add(job);
        void this.#settle(job).finally(() => this.#underway.delete(job));
      }
  }

  /** The node that it comes from is asked first: while the guest is there, the copy on the next one has not run. */
  async #settle(name: string): Promise<void> {
    const { registry, nodes, members } = this.#options;
    const job = registry.get(name);
    if (job?.next === undefined) return;
    const isThere = await nodes.has(job.node, name);
    // A node that sends a guest says neither; the copy on the next node waits for home's word.
    const isNext = isThere === true ? false : await nodes.has(job.next, name);
    // Its deputy may have ended meanwhile, or have left a copy of itself.
    const now = registry.get(name);
    if (now === undefined || now.next !== job.next) return;
    const hasLeft = isThere === false || members.isGone(job.node);
    if (isThere === true) this.#stays(now);
    else if (hasLeft && isNext === true) this.#arrived(name, job.next);
    // It is nowhere: a deputy that has not heard its end asks for its link, and is told.
    else if (hasLeft && (isNext === false || members.isGone(job.next))) this.#stays(now);
  }

  #stays({ next: _, ...job }: AwayJob): void {
    this.#options.registry.set(job);
  }

  #arrived(name: string, node: string): AwayJob {
    const { registry, deputies, log } = this.#options;
    const { next: _, ...job } = registry.get(name)!;
    const arrived = { ...job, node, moves: job.moves + 1, since: Date.now() };
    registry.set(arrived);
    log.info(`process ${job.pid} (${job.name}) runs on ${node} now`);
    // Its deputy connects anew, to the next supervisor.
    deputies.unlink(name);
    return arrived;
  }
}
