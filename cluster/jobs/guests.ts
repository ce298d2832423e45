/** The guest's side: processes of other nodes that run here, each below a supervisor of its own. */

import type { Socket } from "node:net";
import { readProcess } from "../../probes/processes/process.ts";
import { type Log, reason } from "../../system/log.ts";
import { type Arrival, takeGuest } from "../migration/arrive.ts";
import { ByteReader } from "../migration/byte-reader.ts";
import type { GuestOrder } from "../migration/order.ts";
import { GONE, HERE, isAlive } from "./deputies.ts";
import { jobOfLink, putBack, takeLine } from "./first-line.ts";
import { Meetings } from "./meeting.ts";
import type { Members } from "./members.ts";
import type { GuestRecord } from "./record.ts";
import type { Registry } from "./registry.ts";

const LINE_MILLISECONDS = 5_000;
/** How long a link may be apart before its home is asked whether the job is still away. */
const APART_MILLISECONDS = 1_000;

export interface GuestOptions {
  readonly registry: Registry<GuestRecord>;
  readonly members: Members;
  readonly arrival: Omit<Arrival, "registered" | "rootFor" | "criu">;
  /** The path of criu, which may have to be made ready first. */
  readonly criu: () => Promise<string>;
  /** What becomes / for a guest of that home. */
  readonly rootFor: (home: string, order: GuestOrder) => Promise<string>;
  /** Whether the home with that LAN address still has the deputy; `undefined` where it does not answer. */
  readonly hasDeputy: (home: string, job: string) => Promise<boolean | undefined>;
  readonly log: Log;
}

export class Guests {
  readonly #options: GuestOptions;
  readonly #meetings = new Meetings();
  readonly #asked = new Set<string>();

  constructor(options: GuestOptions) {
    this.#options = options;
  }

  /** Takes the connection of a supervisor. */
  async takeSupervisor(socket: Socket): Promise<void> {
    socket.on("error", () => {});
    try {
      const line = await takeLine(socket, LINE_MILLISECONDS);
      const job = jobOfLink(line);
      if (job === undefined || this.#options.registry.get(job) === undefined)
        throw new Error("Cannot link a supervisor: its guest is not known");
      putBack(socket, line);
      this.#meetings.arrive(job, "supervisor", socket);
    } catch {
      socket.destroy();
    }
  }

  /** Takes the connection of a guest's home. */
  takeLink(home: string, job: string, socket: Socket): void {
    if (this.#options.registry.get(job)?.home !== home) return void socket.end(`${GONE}\n`);
    socket.write(`${HERE}\n`);
    this.#meetings.arrive(job, "home", socket);
  }

  /** Takes a process that comes over that connection; its order is the first line, which has been read. */
  async take(home: string, line: string, socket: Socket): Promise<void> {
    const criu = await this.#options.criu();
    await takeGuest(socket, new ByteReader(socket), line, {
      ...{ ...this.#options.arrival, criu },
      rootFor: (order) => this.#options.rootFor(home, order),
      registered: (order, supervisor) => this.#register(home, order, supervisor),
    });
  }

  /** Forgets guests that have ended, and ends those whose home has no deputy for them. Called once a second. */
  sweep(): void {
    const { registry, members } = this.#options;
    for (const guest of registry.all) {
      const condition = members.conditionOf(guest.home);
      if (!isAlive(guest)) this.#forget(guest);
      else if (condition === "dead" || condition === "left") this.#end(guest, `its home is ${condition}`);
      else if (this.#meetings.apartFor(guest.job) > APART_MILLISECONDS) void this.#ask(guest);
    }
  }

  #register(home: string, order: GuestOrder, supervisor: number): void {
    const { job, name, pid: homePid } = order;
    const startTime = readProcess("", supervisor)?.startTime ?? 0;
    this.#options.registry.set({ job, name, home, homePid, pid: supervisor, startTime, since: Date.now() });
  }

  async #ask(guest: GuestRecord): Promise<void> {
    if (this.#asked.has(guest.job)) return;
    this.#asked.add(guest.job);
    const has = await this.#options.hasDeputy(guest.home, guest.job);
    this.#asked.delete(guest.job);
    if (has === false) this.#end(guest, "its home has no deputy for it");
  }

  /** The supervisor's end ends the namespace, and with it all that runs there. */
  #end(guest: GuestRecord, why: string): void {
    this.#options.log.warn(`guest ${guest.homePid} (${guest.name}) of ${guest.home} ends: ${why}`);
    try {
      process.kill(guest.pid, "SIGKILL");
    } catch (error) {
      this.#options.log.warn(`Cannot end supervisor ${guest.pid}: ${reason(error)}`);
    }
    this.#forget(guest);
  }

  #forget({ job }: GuestRecord): void {
    this.#options.registry.delete(job);
    this.#meetings.forget(job);
  }
}
