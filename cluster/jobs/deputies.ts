/** Home's side: the deputies of jobs that are away, their links, and what becomes of a job whose guest is lost. */

import type { Socket } from "node:net";
import { readProcess } from "../../probes/processes/process.ts";
import { type Log, reason } from "../../system/log.ts";
import { jobOfLink, putBack, splice, takeLine } from "./first-line.ts";
import type { Members } from "./members.ts";
import type { AwayJob } from "./record.ts";
import type { Registry } from "./registry.ts";

/** The answers to a link: its guest is on this node, or is not, or not any more. */
export const HERE = "here";
export const GONE = "gone";

const LINE_MILLISECONDS = 5_000;

export interface DeputyOptions {
  readonly registry: Registry<AwayJob>;
  readonly members: Members;
  /** Connects to the daemon of jobs on the node with that LAN address. */
  readonly dial: (node: string) => Promise<Socket>;
  readonly log: Log;
}

export class Deputies {
  readonly #options: DeputyOptions;
  /** The connection of each deputy; a later one takes its place. */
  readonly #links = new Map<string, Socket>();

  constructor(options: DeputyOptions) {
    this.#options = options;
  }

  /** Takes the connection of a deputy, and makes the link to its guest. A link that cannot be made is tried again by the deputy. */
  async take(socket: Socket): Promise<void> {
    socket.on("error", () => {});
    try {
      const line = await takeLine(socket, LINE_MILLISECONDS);
      const job = this.#options.registry.get(jobOfLink(line) ?? "");
      if (job === undefined) throw new Error("Cannot link a deputy: its job is not away");
      this.#links.get(job.job)?.destroy();
      this.#links.set(job.job, socket);
      putBack(socket, line);
      await this.#link(job, socket);
    } catch {
      socket.destroy();
    }
  }

  /** Whether that job is away from here and its deputy lives. */
  has(job: string): boolean {
    const record = this.#options.registry.get(job);
    return record !== undefined && isAlive(record);
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
      const condition = members.conditionOf(job.node);
      if (!isAlive(job)) {
        registry.delete(job.job);
        this.unlink(job.job);
      } else if (condition === "dead" || condition === "left") this.#lose(job, `its node is ${condition}`);
    }
  }

  async #link(job: AwayJob, deputy: Socket): Promise<void> {
    const guest = await this.#options.dial(job.node);
    guest.on("error", () => {});
    deputy.on("close", () => guest.destroy());
    if (deputy.destroyed) return void guest.destroy();
    guest.write(`link ${job.job}\n`);
    const answer = await takeLine(guest, LINE_MILLISECONDS);
    if (answer === GONE) this.#lose(job, "it is not there any more");
    else if (answer === HERE) splice(deputy, guest);
    else throw new Error(answer);
  }

  /** openMosix did the same: what has gone with another node has been killed. */
  #lose(job: AwayJob, why: string): void {
    this.#options.log.warn(
      `job ${job.pid} (${job.name}) was on ${job.node} and is lost: ${why}; its process ends by SIGKILL`,
    );
    try {
      process.kill(job.pid, "SIGKILL");
    } catch (error) {
      this.#options.log.warn(`Cannot end process ${job.pid}: ${reason(error)}`);
    }
    this.#options.registry.delete(job.job);
    this.unlink(job.job);
  }
}

/** Whether the very process is there still, and not another with its pid. */
export function isAlive({ pid, startTime }: { readonly pid: number; readonly startTime: number }): boolean {
  const facts = readProcess("", pid);
  return facts !== undefined && facts.state !== "Z" && facts.state !== "X" && facts.startTime === startTime;
}
