/** Sends a guest on to another node, or home: as a move from home, but its supervisor parks in place of a deputy. */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { childrenOf, hasEnded, pidOf, readProcess, treeOf } from "../../probes/processes/process.ts";
import { sendSignal } from "../signals.ts";
import { copyCommand, DUMP_LOG, dumpCommand, dumpOptions } from "./criu.ts";
import { drive, type Mover } from "./drive.ts";
import { Freezer } from "./freezer.ts";
import { copyMemory } from "./memory-copy.ts";
import type { MoveWatch } from "./move-watch.ts";
import type { GuestOrder } from "./order.ts";
import { PagesAhead } from "./pages-ahead.ts";
import { parseParking, type Resumption, relaysAfter } from "./parking.ts";
import type { Passage } from "./passage.ts";
import { type CriuRun, endWaiting, OPTIONS, WaitingCriu } from "./run-criu.ts";
import type { Effect, State } from "./transition.ts";

export interface OnwardMove {
  readonly order: GuestOrder;
  readonly supervisor: number;
  /** The guest, as this node calls it, and process 1 of its namespace. */
  readonly body: number;
  readonly init: number;
  /** The guest's folder, which its namespace has at the same path. */
  readonly folder: string;
  /** The mounted cgroup2. */
  readonly groups: string;
  /** As the guest's root has it. */
  readonly criu: string;
  readonly patience?: CriuRun["patience"];
  /** Connects to the next node. */
  readonly open: () => Promise<Passage>;
  /** Called with the reason where the guest's memory cannot be copied while the guest runs. */
  readonly notCopied?: (reason: string) => void;
  readonly watch?: MoveWatch;
}

/** Where a guest goes. */
export interface Onward {
  /** The LAN address of the next node. */
  readonly next: string;
  /** No person has chosen that node. */
  readonly isByItself: boolean;
}

/** A daemon that was killed may have left a criu that waits in the folder of a guest, and its supervisor parked. */
export function endHalfSent(folder: string, supervisor: number | undefined): void {
  endWaiting(join(folder, ONWARD, OPTIONS));
  if (supervisor !== undefined) process.kill(supervisor, "SIGUSR2");
}

const ONWARD = "onward";
/** A supervisor parks as soon as what the guest has written is with its deputy. */
const PARK_MILLISECONDS = 3_000;
const LOOK_MILLISECONDS = 2;
/** The end of a process gives its memory back first, and may wait for a disk or a server. */
const END_MILLISECONDS = 10_000;

/**
 * The guest of a supervisor, which knows it by the number `pid`, as this node calls it, and process 1 of its namespace.
 * @throws Error where the guest has ended
 */
export function findGuest(supervisor: number, pid: number): { readonly body: number; readonly init: number } {
  const [init = 0] = childrenOf("", supervisor);
  const body = pidOf("", { init, inner: pid });
  if (body === undefined) throw new Error("it is not there any more");
  return { body, init };
}

/** Moves a guest on; resolves with AWAY where it has gone, with HOME where it runs on here. Never throws. */
export async function sendOnward(move: OnwardMove): Promise<State> {
  return await drive(new OnwardMover(move), move.watch);
}

class OnwardMover implements Mover {
  readonly #move: OnwardMove;
  #freezer: Freezer | undefined;
  #passage: Passage | undefined;
  #criu: WaitingCriu | undefined;
  readonly #ahead = new PagesAhead();
  #resumption: Resumption | undefined;

  constructor(move: OnwardMove) {
    this.#move = move;
  }

  async act(effect: Effect): Promise<void> {
    const { body, supervisor, groups } = this.#move;
    switch (effect) {
      case "examine":
        if (this.hasEnded()) throw new Error("it has ended");
        if (readProcess("", body)?.state === "T") throw new Error("is stopped");
        return;
      case "copy":
        return await this.#copy();
      case "freeze":
        this.#freezer = new Freezer(groups, body);
        await this.#freezer.freeze();
        return await this.#park();
      case "dump":
        return await this.#dump();
      case "send":
        await this.#ahead.done();
        return await this.#passage!.send(this.#order(), this.#images);
      case "restore":
        return await this.#passage!.restored();
      case "commit":
        // Its end ends the namespace; it has hung up, so that the deputy hears nothing of it.
        process.kill(supervisor, "SIGKILL");
        return await this.#gone();
      case "go":
        return await this.#passage!.go();
      case "refuse":
        return this.#passage?.refuse();
      case "thaw":
        process.kill(supervisor, "SIGUSR2");
        return await this.#freezer?.release();
      case "keep":
      case "forget":
        return await this.#forget();
    }
  }

  get #images(): string {
    return join(this.#move.folder, ONWARD);
  }

  get #state(): string {
    return join(this.#move.folder, "state");
  }

  hasEnded(): boolean {
    return hasEnded("", this.#move.body);
  }

  async #copy(): Promise<void> {
    const { body, order, open, notCopied, patience } = this.#move;
    rmSync(this.#images, { recursive: true, force: true });
    const of = { pid: order.pid, folder: this.#images };
    const command = (copy: number) => this.#inside(copyCommand(this.#move.criu, of, copy));
    this.#passage = await open();
    await this.#passage.announce(order);
    const options = { folder: this.#images, command, patience, passage: this.#passage, notCopied };
    await this.#startCriu(await copyMemory({ pid: body, ...options }));
  }

  async #startCriu(copies: number): Promise<void> {
    const { criu, groups, body } = this.#move;
    const images = this.#images;
    const group = Freezer.folderOf(groups, body);
    for (const each of [images, dirname(group)]) mkdirSync(each, { recursive: true, mode: 0o700 });
    // The guest's root has no cgroups: criu gets the folder of groups as a descriptor. That of the guest comes later.
    const parent = openSync(dirname(group), "r");
    const config = join(images, OPTIONS);
    const command = dumpCommand(criu, {
      of: { config },
      images,
      group: `/proc/self/fd/3/${basename(group)}`,
      copies,
    });
    const start = { command: this.#inside(command), log: join(images, DUMP_LOG), descriptors: [parent] };
    this.#criu = await WaitingCriu.start({ ...start, fifo: config }).finally(() => closeSync(parent));
  }

  async #park(): Promise<void> {
    rmSync(this.#state, { force: true });
    // The supervisor adds input to the images that the guest has not read.
    process.kill(this.#move.supervisor, "SIGUSR1");
    const deadline = performance.now() + PARK_MILLISECONDS;
    while (!existsSync(this.#state)) {
      if (performance.now() > deadline)
        throw new Error("what it has written, or what was typed for it, is still on its way");
      await Bun.sleep(LOOK_MILLISECONDS);
    }
    this.#resumption = parseParking(readFileSync(this.#state, "utf8"));
  }

  async #dump(): Promise<void> {
    const { order, patience } = this.#move;
    const begun = (criu: number) =>
      this.#ahead.begin({ folder: this.#images, criu, passage: this.#passage! });
    const run = this.#criu!.run(dumpOptions(order.pid), { patience, begun });
    await run.finally(() => this.#ahead.end());
    if (!this.#freezer!.isFrozen()) throw new Error("criu has let the process run");
  }

  /** A command in the guest's namespaces. */
  #inside(command: readonly string[]): string[] {
    return ["nsenter", "-t", String(this.#move.init), "-m", "-p", ...command];
  }

  async #gone(): Promise<void> {
    const deadline = performance.now() + END_MILLISECONDS;
    while (!this.hasEnded() && performance.now() < deadline) await Bun.sleep(LOOK_MILLISECONDS);
    // What has the signal runs nothing of its program any more, however long its end takes.
    if (!this.hasEnded()) for (const pid of treeOf("", this.#move.init)) sendSignal(pid, "SIGKILL");
  }

  async #forget(): Promise<void> {
    this.#criu?.abandon();
    for (const path of [this.#images, this.#state]) rmSync(path, { recursive: true, force: true });
    await this.#freezer?.release();
  }

  #order(): GuestOrder {
    const { order } = this.#move;
    const resumption = this.#resumption!;
    return { ...order, relays: relaysAfter(order.relays, resumption), resumption: resumption.words };
  }
}
