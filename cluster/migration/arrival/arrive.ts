/**
 * Takes one guest: its order and images, a supervisor that restores it, and then the word of its home. The supervisor
 * makes the namespace of the guest as soon as there is an order, while the process may still run at home.
 */

import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { readCapabilities } from "../../../probes/processes/process.ts";
import { reason } from "../../../system/log.ts";
import type { ByteReader } from "../byte-reader.ts";
import { limitCapabilities, restoreCapabilities } from "../capabilities.ts";
import { readComplaint } from "../criu.ts";
import { type GuestOrder, parseOrder } from "../order.ts";
import type { Arrival } from "./arrival.ts";
import { Gate } from "./gate.ts";
import { joinGroup } from "./guests-group.ts";
import { findQuietNumber, pidsOf, Supervisor } from "./supervisor.ts";

const RESTORE_MILLISECONDS = 60_000;
/** From the word of its home until the guest runs: criu has only to let the guest go. */
const PASS_MILLISECONDS = 5_000;
const LOOK_MILLISECONDS = 5;
/** How often a guest is restored whose criu is killed. */
const MOST_RESTORES = 3;
const MOST_FILE_BYTES = 2 ** 40;

/** Never throws: what fails is said to the home node, where the process goes on. */
export async function takeGuest(
  socket: Socket,
  reader: ByteReader,
  firstLine: string,
  arrival: Arrival,
): Promise<void> {
  let guest: Guest | undefined;
  try {
    const order = parseOrder(firstLine);
    guest = new Guest(order, arrival);
    await guest.receive(reader);
    await guest.restore();
    arrival.reached?.(order, "waits");
    socket.write("ready\n");
    const goes = await mayRun(reader, order, arrival);
    guest.answer(goes);
    if (!goes) return;
    arrival.reached?.(order, "runs");
    socket.write("runs\n");
    await guest.resumed().catch((error: unknown) => {
      // Its home listens no more.
      arrival.lost?.(order, reason(error));
      throw error;
    });
  } catch (error) {
    guest?.answer(false);
    socket.write(`refused ${reason(error).replaceAll("\n", " ")}\n`);
  } finally {
    guest?.tidy();
    socket.end();
  }
}

/** Without a word the original may be a deputy already, or run on: neither is to be guessed. */
async function mayRun(reader: ByteReader, order: GuestOrder, arrival: Arrival): Promise<boolean> {
  let word: string;
  try {
    word = await reader.line();
  } catch {
    return (await arrival.mayRun?.(order)) ?? false;
  }
  return word === "go";
}

class Guest {
  #order: GuestOrder;
  readonly #arrival: Arrival;
  readonly #folder: string;
  readonly #gate: Gate;
  readonly #names: string[] = [];
  readonly #early: Promise<unknown>;
  #supervisor: Supervisor | undefined;
  #isRefused = false;

  constructor(order: GuestOrder, arrival: Arrival) {
    this.#order = order;
    this.#arrival = arrival;
    // A guest may come back within the time that it takes to tidy up behind it.
    this.#folder = mkdtempSync(join(arrival.folder, `${order.job}-`));
    this.#gate = new Gate(this.#folder);
    // What another node than its home sends has a link, which is known when the guest has parked. An error comes again.
    this.#early = order.home === undefined ? this.#supervise().catch(() => {}) : Promise.resolve();
  }

  async receive(reader: ByteReader): Promise<void> {
    for (;;) {
      const line = await reader.line();
      if (line === "end") return;
      if (line.startsWith("order ")) this.#renew(parseOrder(line.slice("order ".length)));
      else await this.#takeFile(line, reader);
    }
  }

  /** Since the first order its home has copied the memory of the process, and the process has run on. */
  #renew(order: GuestOrder): void {
    if (order.job !== this.#order.job)
      throw new Error(
        `Cannot take a guest: its order is for ${order.job}, and ${this.#order.job} was wanted`,
      );
    this.#order = order;
  }

  async #takeFile(line: string, reader: ByteReader): Promise<void> {
    const [, name, size] = /^file ((?:parent\/)?\w[\w.-]*) (\d+)$/.exec(line) ?? [];
    if (name === undefined || Number(size) > MOST_FILE_BYTES)
      throw new Error(
        `Cannot take an image: its line is "${line.slice(0, 80)}", and "file NAME BYTES" was wanted`,
      );
    this.#names.push(name);
    const path = join(this.#folder, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(path, "wx", 0o600);
    try {
      await reader.bytes(Number(size), (piece) => {
        for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
      });
    } finally {
      closeSync(file);
    }
  }

  /** Resolves when all is restored and nothing has run. @throws Error with what criu said */
  async restore(): Promise<void> {
    await this.#early;
    const [supervisor, root] = await this.#supervise();
    if (root === "/") restoreCapabilities(this.#folder, readCapabilities("", "self", ["CapPrm"])[0] ?? 0n);
    else limitCapabilities(this.#folder);
    const { pid, parent, group, session } = this.#order;
    supervisor.restore(findQuietNumber([...pidsOf(this.#names), pid, parent, group, session]));
    await this.#until(() => this.#gate.isReached(), RESTORE_MILLISECONDS);
    const { group: guests } = this.#arrival;
    if (guests !== undefined && root !== "/") joinGroup(guests, supervisor.pid);
  }

  /** The word of the home node for the gate. Without "go" the copy must die, whatever state it is in. */
  answer(goes: boolean): void {
    this.#isRefused = !goes;
    if (goes) this.#gate.open();
    else this.#supervisor?.end();
  }

  /**
   * Resolves when the guest runs. There is no original any more: where somebody kills criu before the guest runs, the
   * guest is restored again, from the same images. @throws Error with what criu said where that fails
   */
  async resumed(): Promise<void> {
    for (let attempt = 1; ; attempt++)
      try {
        if (attempt > 1) await this.#restoreAgain();
        return await this.#passed();
      } catch (error) {
        // Its home may be dead, or the guest killed for another reason.
        const isWanted = attempt < MOST_RESTORES && (await this.#arrival.mayRun?.(this.#order));
        if (isWanted !== true) throw error;
      }
  }

  async #restoreAgain(): Promise<void> {
    this.#gate.forget();
    await this.restore();
    this.#arrival.reached?.(this.#order, "runs");
    this.#gate.open();
  }

  async #passed(): Promise<void> {
    try {
      await this.#until(() => this.#gate.isPassed(), PASS_MILLISECONDS);
    } catch (error) {
      // Otherwise the node has no room for the gate's mark.
      if (this.#supervisor!.hasEnded) throw error;
    }
  }

  /** Resolves with the supervisor of a guest of this order, and what becomes the root of the guest. */
  async #supervise(): Promise<[Supervisor, root: string]> {
    const root = await this.#arrival.rootFor(this.#order);
    if (this.#isRefused) throw new Error("its home has hung up");
    const command = this.#command(root);
    // The process may have opened or closed a file since the first order.
    if (this.#supervisor?.isOf(command) !== true) {
      this.#supervisor?.end();
      this.#supervisor = new Supervisor(command, this.#words);
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
        throw new Error(`Cannot restore the process: it takes more than ${milliseconds / 1000} s`);
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
