/** Home's side: the deputies of jobs that are away, their links, and what becomes of a job whose guest is lost. */

import { rmSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { readLink, readProcess } from "../../probes/processes/process.ts";
import { peerOf } from "../../system/kernel/socket.ts";
import { type Log, reason } from "../../system/log.ts";
import { jobOfLink, putBack, splice } from "../links/first-line.ts";
import type { GuestNodes } from "./guest-nodes.ts";
import type { Members } from "./members.ts";
import type { MoveReporter } from "./move-reporter.ts";
import { JOB_PATHS } from "./paths.ts";
import { type AwayJob, isAlive } from "./record.ts";
import type { Registry } from "./registry.ts";

export interface DeputyOptions {
  readonly registry: Registry<AwayJob>;
  readonly members: Members;
  readonly nodes: GuestNodes;
  /** The path of the program of deputies: a process that runs another one has not moved, or not yet. */
  readonly program: string;
  readonly reporter: Pick<MoveReporter, "lost">;
  /** Starts a lost job again from the image that was kept; resolves with false where that cannot be. Default: none can. */
  readonly startAgain?: (job: AwayJob) => Promise<boolean>;
  readonly log: Log;
}

export class Deputies {
  readonly #options: DeputyOptions;
  /** The connection of each deputy; a later one takes its place. */
  readonly #links = new Map<string, Socket>();

  constructor(options: DeputyOptions) {
    this.#options = options;
  }

  /**
   * Takes the connection of a deputy, whose first line that is, and makes the link to its guest. A link that cannot be
   * made is tried again by the deputy.
   * @throws Error where that job is not away, or its node cannot be reached
   */
  async take(line: string, socket: Socket): Promise<void> {
    const known = this.#options.registry.get(jobOfLink(line) ?? "");
    if (known === undefined) throw new Error("Cannot link a deputy: its job is not away");
    const job = this.#heirOf(known, peerOf(socket).pid) ?? known;
    this.#links.get(job.job)?.destroy();
    this.#links.set(job.job, socket);
    putBack(socket, line);
    await this.#link(job, socket);
  }

  /** The LAN address of the node where that job runs; `undefined` where the process is at home. */
  placeOf(job: string): string | undefined {
    const record = this.#options.registry.get(job);
    return record !== undefined && isAlive(record) && this.#isDeputy(record) ? record.node : undefined;
  }

  /** The jobs whose guests run elsewhere. A process on its way from home is not among them: it may stay. */
  get away(): readonly AwayJob[] {
    return this.#options.registry.all.filter((job) => this.#isDeputy(job));
  }

  /** After a daemon that died: a process that it was moving, and that is no deputy, is at home. */
  forgetUnmoved(): void {
    const { registry } = this.#options;
    for (const job of registry.all) if (!this.#isDeputy(job)) registry.delete(job.job);
  }

  /** Ends the link of a job, whose deputy makes another then. */
  unlink(job: string): void {
    this.#links.get(job)?.destroy();
    this.#links.delete(job);
  }

  /** Forgets jobs that have ended, and ends deputies whose guests died with their node. Called once a second. */
  sweep(): void {
    const { registry, members } = this.#options;
    for (const job of registry.all) {
      if (!isAlive(job)) {
        this.#forget(job);
      } else if (job.next === undefined && this.#isDeputy(job) && members.isGone(job.node))
        this.#lose(job, "its node is dead");
    }
  }

  /**
   * The deputy of a guest that has ended, and whose children go on, leaves a copy of itself: from then on the job is that.
   * An image of before would do anew what the guest has done.
   */
  #heirOf({ kept: _, ...job }: AwayJob, pid: number): AwayJob | undefined {
    const { uid, startTime = 0 } = readProcess("", pid) ?? {};
    const heir = { ...job, pid, startTime };
    if (pid === job.pid || uid !== job.uid || !this.#isDeputy(heir)) return undefined;
    this.#options.registry.set(heir);
    rmSync(join(JOB_PATHS.kept, job.job), { recursive: true, force: true });
    return heir;
  }

  #isDeputy({ pid }: Pick<AwayJob, "pid">): boolean {
    return readLink(`/proc/${pid}/exe`) === this.#options.program;
  }

  async #link(job: AwayJob, deputy: Socket): Promise<void> {
    // Also while the guest is on its way: it does not leave before its deputy has all that it has written.
    const isThere = await this.#options.nodes.link(job.node, job.job, {
      deputy,
      splice: (guest) => splice(deputy, guest),
    });
    // It may have gone on since it was asked for.
    const now = this.#options.registry.get(job.job);
    if (!isThere && now?.node === job.node && now.next === undefined)
      this.#lose(job, "it is not there any more");
    else if (!isThere) deputy.destroy();
  }

  /** A job whose image was kept is started again, once at a time: the record says that it is on its way. */
  #lose(job: AwayJob, why: string): void {
    const { startAgain, log } = this.#options;
    if (job.kept === undefined || startAgain === undefined) {
      this.#end(job, why);
      return;
    }
    log.warn(`job ${job.pid} (${job.name}) was on ${job.node}: ${why}; it is started again from its image`);
    void startAgain(job).then((runs) => (runs ? undefined : this.#end(job, why)));
  }

  /** openMosix did the same: what has gone with another node has been killed. */
  #end(job: AwayJob, why: string): void {
    this.#options.log.warn(
      `job ${job.pid} (${job.name}) was on ${job.node} and is lost: ${why}; its process ends by SIGKILL`,
    );
    this.#options.reporter.lost();
    try {
      process.kill(job.pid, "SIGKILL");
    } catch (error) {
      this.#options.log.warn(`Cannot end process ${job.pid}: ${reason(error)}`);
    }
    this.#forget(job);
  }

  #forget({ job }: AwayJob): void {
    this.#options.registry.delete(job);
    rmSync(join(JOB_PATHS.kept, job), { recursive: true, force: true });
    this.unlink(job);
  }
}
