/** The guest's side: processes of other nodes that run here, each below a supervisor of its own. */

import { rmSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { memoryOf } from "../../probes/processes/process.ts";
import { listOptional } from "../../system/files.ts";
import { type Log, reason } from "../../system/log.ts";
import { jobOfLink, putBack } from "../links/first-line.ts";
import { Meetings } from "../links/meeting.ts";
import type { Arrival } from "../migration/arrival/arrival.ts";
import { resumeGuest, takeGuest } from "../migration/arrival/arrive.ts";
import { ByteReader } from "../migration/byte-reader.ts";
import { historyAfter } from "../migration/history.ts";
import { MoveWatch } from "../migration/move-watch.ts";
import { endHalfSent, findGuest, type Onward, sendOnward } from "../migration/onward.ts";
import type { Passage } from "../migration/passage.ts";
import type { State } from "../migration/transition.ts";
import { findLack, type Members } from "./members.ts";
import type { MoveReporter } from "./move-reporter.ts";
import type { NodeFiles } from "./node-files.ts";
import { CGROUP_FOLDER } from "./paths.ts";
import { type GuestRecord, guestRecord, isAlive } from "./record.ts";
import type { Registry } from "./registry.ts";

/** How long a link may be apart before its home is asked whether the job is still away. */
const APART_MILLISECONDS = 1_000;
/** How often a home is asked where a job runs whose sender has hung up. */
const ASK_MILLISECONDS = 200;
/** A guest that is to go on and does not run yet is waited for: criu has only to let it go. */
const [LOOK_MILLISECONDS, MOST_LOOKS] = [5, 200];

export interface GuestOptions {
  readonly registry: Registry<GuestRecord>;
  readonly members: Members;
  readonly arrival: Omit<Arrival, "registered" | "reached" | "lost" | "mayRun" | "rootFor" | "criu">;
  /** The path of criu, which may have to be made ready first. */
  readonly criu: () => Promise<string>;
  readonly files: Pick<NodeFiles, "rootFor" | "forgetHome">;
  /** Connects to the node with that LAN address. */
  readonly passageTo: (node: string) => Promise<Passage>;
  readonly homes: {
    isToRun(home: string, job: string): Promise<boolean | undefined>;
    isToGo(home: string, job: string, next: string): Promise<boolean>;
  };
  readonly reporter: Pick<MoveReporter, "guestLeaves" | "froze">;
  readonly log: Log;
}

export class Guests {
  readonly #options: GuestOptions;
  readonly #meetings = new Meetings();
  readonly #asked = new Set<string>();
  readonly #leaving = new Set<string>();
  /** The folders of guests that are being taken: such a guest may be restored again, and is here meanwhile. */
  readonly #taking = new Set<string>();

  constructor(options: GuestOptions) {
    this.#options = options;
  }

  /** After a daemon that died: supervisors that it had parked go on, and copies that wait for a word get one. */
  resume(): void {
    const { registry, arrival } = this.#options;
    const folders = new Set(registry.all.map(({ folder }) => folder));
    for (const path of listOptional(arrival.folder).map((name) => join(arrival.folder, name)))
      if (!folders.has(path)) rmSync(path, { recursive: true, force: true });
    for (const guest of registry.all) {
      endHalfSent(guest.folder, isAlive(guest) ? guest.pid : undefined);
      if (guest.stage === "waits" || guest.stage === "goes") void this.#adopt(guest);
      else if (guest.stage === "arrives" && isAlive(guest))
        this.#end(guest, "the daemon died that was taking it");
    }
  }

  /** Takes the connection of a supervisor, whose first line that is. @throws Error where its guest is not known */
  takeSupervisor(line: string, socket: Socket): void {
    const job = jobOfLink(line);
    if (job === undefined || this.#options.registry.get(job) === undefined)
      throw new Error("Cannot link a supervisor: its guest is not known");
    putBack(socket, line);
    this.#meetings.arrive(job, "supervisor", socket);
  }

  /** Whether that job is a guest of that home here. */
  isOf(home: string, job: string): boolean {
    return this.#options.registry.get(job)?.home === home;
  }

  /** Takes the connection to a guest's deputy. */
  link(job: string, socket: Socket): void {
    this.#meetings.arrive(job, "home", socket);
  }

  /** Whether that guest is here; `undefined` while it is on its way to another node. */
  has(job: string): boolean | undefined {
    const guest = this.#options.registry.get(job);
    if (guest === undefined || !this.#isHere(guest)) return false;
    return this.#leaving.has(job) ? undefined : true;
  }

  /** Sends a guest on. @throws Error where it runs on here, with the reason */
  async sendOnward(home: string, job: string, to: Onward): Promise<void> {
    await this.#runs(job);
    const guest = this.#options.registry.get(job);
    if (guest === undefined || guest.home !== home || !isAlive(guest))
      throw new Error("it is not there any more");
    if (this.#leaving.has(job)) throw new Error("it is on its way already");
    // From here on nobody is told that the guest stays.
    this.#leaving.add(job);
    this.#options.reporter.guestLeaves(job, to.next);
    const state = await this.#sendOnward(guest, to).finally(() => {
      this.#leaving.delete(job);
      this.#options.reporter.guestLeaves(job, undefined);
    });
    if (state.at === "HOME") throw new Error(state.reason);
    // Its supervisor tells the deputy how.
    if (state.at === "ENDED") throw new Error("it has ended");
    this.#forget(guest);
  }

  /** Until a guest runs it is restored anew where its supervisor ends, as it does where the guest goes on. @throws Error */
  async #runs(job: string): Promise<void> {
    for (let looks = 0; this.#taking.has(this.#options.registry.get(job)?.folder ?? ""); looks++) {
      if (looks > MOST_LOOKS) throw new Error("it does not run there yet");
      await Bun.sleep(LOOK_MILLISECONDS);
    }
  }

  async #sendOnward(guest: GuestRecord, { next, isByItself }: Onward): Promise<State> {
    const { members, criu, homes, passageTo, reporter, log } = this.#options;
    const { home, pid: supervisor, folder } = guest;
    if (!(await homes.isToGo(home, guest.job, next))) throw new Error("its home has taken that back");
    const { history: before, ...rest } = guest.order;
    const history =
      isByItself && before !== undefined && historyAfter(supervisor, members.own?.speed, before);
    const order = { ...rest, home, ...(history && { history }) };
    const { body, init } = findGuest(supervisor, order.pid);
    const node = members.at(next);
    const lack = node && findLack(memoryOf("", body), node);
    if (lack !== undefined) throw new Error(lack);
    const what = `guest ${order.pid} (${order.name})`;
    return await sendOnward({
      ...{ order, supervisor, body, init, criu: await criu(), groups: CGROUP_FOLDER },
      ...{ folder, open: () => passageTo(next) },
      watch: new MoveWatch((seconds) => reporter.froze(seconds)),
      notCopied: (why) => log.info(`${what} is frozen while all of its memory goes over: ${why}`),
    });
  }

  /** Takes a process from a node, which is its home where the order names no other; the order is the line, read before. */
  async take(from: string, line: string, socket: Socket): Promise<void> {
    const folder = await takeGuest(socket, new ByteReader(socket), line, await this.#arrivalFrom(from));
    this.#taking.delete(folder);
  }

  /** For a guest of the node `from`, where its order names no other home; an earlier daemon has made its folder. */
  async #arrivalFrom(from: string, madeBefore = ""): Promise<Arrival> {
    const { arrival, criu, files, log, registry } = this.#options;
    let folder = madeBefore;
    return {
      ...{ ...arrival, criu: await criu() },
      rootFor: (order) => files.rootFor(order.home ?? from, order.image),
      registered: (order, place) => {
        folder = place.folder;
        this.#taking.add(folder);
        registry.set(guestRecord(order.home ?? from, order, place, registry.get(order.job)));
      },
      reached: ({ job }, stage) => {
        const guest = registry.get(job);
        if (guest?.folder === folder) registry.set({ ...guest, stage });
      },
      mayRun: ({ job }) => this.#mayRun(job, folder),
      lost: ({ pid, name }, why) => log.warn(`guest ${pid} (${name}) is lost: ${why}`),
    };
  }

  /** Forgets guests that have ended, and ends those whose home has no deputy for them. Called once a second. */
  sweep(): void {
    const { registry, members } = this.#options;
    for (const guest of registry.all) {
      if (!this.#isHere(guest)) this.#forget(guest);
      else if (members.isGone(guest.home)) {
        this.#options.files.forgetHome(guest.home);
        this.#end(guest, "its home is dead");
      } else if (guest.stage === "runs" && this.#meetings.apartFor(guest.job) > APART_MILLISECONDS)
        void this.#ask(guest);
    }
  }

  #isHere(guest: GuestRecord): boolean {
    return isAlive(guest) || this.#taking.has(guest.folder);
  }

  /** Its home alone knows whether the original goes on; where the guest has come again, its word is of the later copy. */
  async #mayRun(job: string, folder: string): Promise<boolean> {
    const { registry, homes } = this.#options;
    const isLatest = () => registry.get(job)?.folder === folder;
    while (isLatest()) {
      const answer = await homes.isToRun(registry.get(job)!.home, job);
      if (answer !== undefined) return answer && isLatest();
      await Bun.sleep(ASK_MILLISECONDS);
    }
    // Its home is dead, or it has come again.
    return false;
  }

  /** The daemon died that was taking it, and its supervisor or criu may have been killed meanwhile. */
  async #adopt(guest: GuestRecord): Promise<void> {
    const { job, home, order, folder, pid } = guest;
    this.#taking.add(folder);
    try {
      const before = { folder, pid, isAlive: () => isAlive(guest) };
      const arrival = await this.#arrivalFrom(home, folder);
      if (await this.#mayRun(job, folder)) await resumeGuest(order, before, arrival);
      else this.#end(guest, "the original of it goes on");
    } catch (error) {
      this.#end(guest, reason(error));
    }
    this.#taking.delete(folder);
  }

  async #ask(guest: GuestRecord): Promise<void> {
    if (this.#asked.has(guest.job)) return;
    this.#asked.add(guest.job);
    const isHere = await this.#options.homes.isToRun(guest.home, guest.job);
    this.#asked.delete(guest.job);
    // Its deputy has ended, or its home has started the job again elsewhere.
    if (isHere === false) this.#end(guest, "its home has no deputy for it here");
  }

  /** The supervisor's end ends the namespace, and with it all that runs there. */
  #end(guest: GuestRecord, why: string): void {
    this.#options.log.warn(`guest ${guest.order.pid} (${guest.name}) of ${guest.home} ends: ${why}`);
    try {
      process.kill(guest.pid, "SIGKILL");
    } catch (error) {
      this.#options.log.warn(`Cannot end supervisor ${guest.pid}: ${reason(error)}`);
    }
    this.#forget(guest);
  }

  #forget({ job, folder }: GuestRecord): void {
    if (this.#options.registry.get(job)?.folder === folder) {
      this.#options.registry.delete(job);
      this.#meetings.forget(job);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}
