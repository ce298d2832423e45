/**
 * One guest, from its order until it runs. Its supervisor makes the namespace as soon as there is an order, while the
 * process may still run at home.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { readCapabilities } from "../../../probes/processes/process.ts";
import { bytesBelow, listOptional } from "../../../system/files.ts";
import { reason } from "../../../system/log.ts";
import { readComplaint } from "../criu.ts";
import { limitCapabilities, restoreCapabilities } from "../examination/capabilities.ts";
import type { GuestOrder } from "../order.ts";
import { restoreMilliseconds } from "../patience.ts";
import { CriuHangs } from "../run-criu.ts";
import type { Arrival } from "./arrival.ts";
import { Gate } from "./gate.ts";
import { joinGroup } from "./guests-group.ts";
import { findRestoring, killRestoring } from "./hanging-criu.ts";
import { findQuietNumber, pidsOf, Supervisor } from "./supervisor.ts";

/** From the word of its home until the guest runs: criu has only to let the guest go. */
const PASS_MILLISECONDS = 5_000;
/** A criu that still has the guest by then hangs. It gets as long again each time: the node may be slow. */
const HANG_MILLISECONDS = 30_000;
/** The process stands still meanwhile. */
const LOOK_MILLISECONDS = 1;
/** How often criu may fail by itself to restore a guest whose home has no original of it any more. */
const MOST_FAILURES = 3;
/** Between two restorings: what kills criu, the kernel without memory for one, may do so again and again. */
const PAUSE_MILLISECONDS = 100;

export interface GuestOptions {
  readonly arrival: Arrival;
  /** Its own folder, with its images. */
  readonly folder: string;
  /** Below which an earlier daemon has restored it; absent: it is not restored yet. */
  readonly supervisor?: Supervisor;
}

export class Guest {
  #order: GuestOrder;
  readonly #arrival: Arrival;
  readonly #folder: string;
  readonly #gate: Gate;
  #early: Promise<unknown> = Promise.resolve();
  #supervisor: Supervisor | undefined;
  #isRefused = false;

  /** @throws Error where the node has no room for its gate */
  constructor(order: GuestOrder, { arrival, folder, supervisor }: GuestOptions) {
    this.#order = order;
    this.#arrival = arrival;
    this.#folder = folder;
    this.#supervisor = supervisor;
    this.#gate = new Gate(folder);
  }

  get folder(): string {
    return this.#folder;
  }

  /** Starts its supervisor before there are images. */
  begin(): void {
    // What another node than its home sends has a link, which is known when the guest has parked. An error comes again.
    if (this.#order.home === undefined) this.#early = this.#supervise().catch(() => {});
  }

  /** Since the first order its home has copied the memory of the process, and the process has run on. @throws Error */
  renew(order: GuestOrder): void {
    if (order.job !== this.#order.job)
      throw new Error(
        `Cannot take a guest: its order is for ${order.job}, and ${this.#order.job} was wanted`,
      );
    this.#order = order;
  }

  /** Resolves when all is restored and nothing has run. @throws Error with what criu said */
  async restore(): Promise<void> {
    await this.#early;
    const [supervisor, root] = await this.#supervise();
    if (root === "/") restoreCapabilities(this.#folder, readCapabilities("", "self", ["CapPrm"])[0] ?? 0n);
    else limitCapabilities(this.#folder);
    const { pid, parent, group, session } = this.#order;
    const restored = pidsOf(listOptional(this.#folder));
    supervisor.restore(findQuietNumber([...restored, pid, parent, group, session]));
    await this.#until(() => this.#gate.isReached(), restoreMilliseconds(bytesBelow(this.#folder)));
    const { group: guests } = this.#arrival;
    if (guests !== undefined && root !== "/") joinGroup(guests, supervisor.pid);
  }

  /** Its home says no, or hears of a failure: the copy must die, whatever state it is in. */
  refuse(): void {
    this.#isRefused = true;
    this.#supervisor?.end();
  }

  /** Its home says go: there is no original any more. */
  letGo(): void {
    this.#arrival.reached?.(this.#order, "goes");
    this.#gate.open();
  }

  /**
   * Resolves when the guest runs. Where somebody kills criu before, or criu hangs, the guest is restored again, from the
   * same images.
   * @throws Error with what criu said where it cannot be restored
   */
  async resumed(): Promise<void> {
    for (let attempt = 1, failures = 0; ; attempt++)
      try {
        if (attempt > 1) await this.#restoreAgain();
        const deadline = performance.now() + attempt * (this.#arrival.patience ?? HANG_MILLISECONDS);
        await this.#passed(deadline);
        await this.#released(deadline);
        this.#arrival.reached?.(this.#order, "runs");
        return;
      } catch (error) {
        if (this.#supervisor?.wasKilled !== true && !(error instanceof CriuHangs)) failures += 1;
        // Its home may be dead, or the guest killed for another reason.
        const isWanted = failures < MOST_FAILURES && (await this.#arrival.mayRun?.(this.#order));
        if (isWanted === true) continue;
        // Its home listens no more.
        this.#arrival.lost?.(this.#order, reason(error));
        throw error;
      }
  }

  async #restoreAgain(): Promise<void> {
    this.#supervisor?.end();
    this.#supervisor = undefined;
    await Bun.sleep(PAUSE_MILLISECONDS);
    this.#gate.forget();
    await this.restore();
    this.letGo();
  }

  /** @throws Error where it is to be restored again, CriuHangs where its criu has got no further by then */
  async #passed(deadline: number): Promise<void> {
    for (;;) {
      try {
        const left = Math.max(deadline - performance.now(), LOOK_MILLISECONDS);
        return await this.#until(() => this.#gate.isPassed(), Math.min(left, PASS_MILLISECONDS));
      } catch (error) {
        if (this.#supervisor!.hasEnded) throw error;
        // The node has no room for the gate's mark.
        if (!this.#hasCriu) return;
        if (performance.now() > deadline) this.#giveUp(error);
      }
    }
  }

  /** @throws the error, where the guest has not run */
  #giveUp(error: unknown): void {
    if (!this.#gate.close()) {
      killRestoring(this.#supervisor!.pid, this.#folder);
      return;
    }
    // Its whole namespace at once: without its tracer the guest would run for a moment.
    this.#supervisor!.end();
    throw error;
  }

  /** A criu that hangs behind the gate has the guest stopped. */
  async #released(deadline: number): Promise<void> {
    while (this.#hasCriu) {
      if (performance.now() > deadline) return killRestoring(this.#supervisor!.pid, this.#folder);
      await Bun.sleep(PAUSE_MILLISECONDS);
    }
  }

  get #hasCriu(): boolean {
    return findRestoring(this.#supervisor!.pid, this.#folder) !== undefined;
  }

  /** Resolves with the supervisor of a guest of this order, and what becomes the root of the guest. */
  async #supervise(): Promise<[Supervisor, root: string]> {
    const root = await this.#arrival.rootFor(this.#order);
    if (this.#isRefused) throw new Error("its home has hung up");
    const command = this.#command(root);
    // The process may have opened or closed a file since the first order.
    if (this.#supervisor?.isOf(command) !== true) {
      this.#supervisor?.end();
      this.#supervisor = Supervisor.start(command, this.#words);
    }
    const place = { supervisor: this.#supervisor.pid, folder: this.#folder };
    this.#arrival.registered?.(this.#order, place);
    return [this.#supervisor, root];
  }

  get #complaint(): string {
    return readComplaint(join(this.#folder, "restore.log"), this.#words);
  }

  /** What the supervisor writes. */
  get #words(): string {
    return join(this.#folder, "supervisor.log");
  }

  async #until(holds: () => boolean, milliseconds: number): Promise<void> {
    const deadline = performance.now() + milliseconds;
    while (!holds()) {
      if (this.#supervisor!.hasEnded) throw new Error(`Cannot restore the process: ${this.#complaint}`);
      if (performance.now() > deadline)
        throw new CriuHangs(
          `Cannot restore the process: it takes more than ${Math.floor(milliseconds / 1_000)} s`,
        );
      await Bun.sleep(LOOK_MILLISECONDS);
    }
  }

  tidy(): void {
    this.#gate.tidy();
    // Otherwise the namespace of the guest has the folder, which goes with the guest.
    if (this.#supervisor === undefined || this.#isRefused)
      rmSync(this.#folder, { recursive: true, force: true });
  }

  #command(root: string): string[] {
    const { criu, guest, gate, socket, group: guests, bound = [] } = this.#arrival;
    const { job, hostname, pid, parent, group, session, terminal, relays, resumption, starts } = this.#order;
    return [
      ...[guest, `socket=${socket}`, `job=${job}`, `images=${this.#folder}`, `root=${root}`, `criu=${criu}`],
      ...[`gate=${gate}`, `hostname=${hostname}`, `pid=${pid}`, `parent=${parent}`, `group=${group}`],
      ...[`session=${session}`, ...(terminal === undefined ? [] : [`terminal=${terminal}`])],
      ...(guests === undefined || root === "/" ? [] : [`guests=${guests}`]),
      ...bound.map((path) => `bind=${path}`),
      ...(starts === undefined ? [] : [`starts=${starts}`]),
      ...relays.map(({ mode, fd, key }) => `${mode}${fd}=${key}`),
      ...(resumption ?? []),
    ];
  }
}
