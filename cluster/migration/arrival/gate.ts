/** The gate of one guest: criu(8) calls it when all is restored, and there the guest waits for the word of its home. */

import { closeSync, constants, existsSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { listOptional } from "../../../system/files.ts";
import { failedWith } from "../../../system/kernel/syscall-error.ts";

/** Written by the gate itself: programs.h. */
const REACHED = "restored";
const PASSED = "resumes";

const TIDY_MILLISECONDS = 2_000;

export class Gate {
  readonly #folder: string;
  readonly #ready: number;
  readonly #go: number;

  /**
   * Makes the gate in the folder of a guest's images, or takes over what an earlier daemon has made.
   * @throws Error where the node has no room for that
   */
  constructor(folder: string) {
    this.#folder = folder;
    const fifos = ["ready", "go"].map((name) => join(folder, name));
    const absent = fifos.filter((path) => !existsSync(path));
    if (absent.length > 0 && Bun.spawnSync(["mkfifo", "-m", "600", ...absent]).exitCode !== 0)
      throw new Error("Cannot make a fifo");
    // Open both ways, so that the gate never waits for an end that is not there.
    const [ready, go] = fifos.map((path) => openSync(path, constants.O_RDWR | constants.O_NONBLOCK));
    this.#ready = ready!;
    this.#go = go!;
  }

  /** Whether the gate has said that all is restored, since this was asked last. */
  isReached(): boolean {
    return hasWord(this.#ready);
  }

  open(): void {
    writeSync(this.#go, "go\n");
  }

  /** Whether criu has come so far behind the gate that the guest runs also without it. */
  isPassed(): boolean {
    // An empty one is of a namespace that has given up.
    return (statSync(join(this.#folder, PASSED), { throwIfNoEntry: false })?.size ?? 0) > 0;
  }

  /**
   * Keeps the guest from running, as has_passed() of namespace.c does; gives false where the guest may run already, for it
   * has passed, or where the node has no room for that.
   */
  close(): boolean {
    try {
      closeSync(openSync(join(this.#folder, PASSED), "wx", 0o600));
      return true;
    } catch {
      return false;
    }
  }

  /** The guest is restored anew. */
  forget(): void {
    // The word for a gate that was killed before it has read: the next one would not wait.
    while (hasWord(this.#go));
    rmSync(join(this.#folder, REACHED), { force: true });
  }

  /** Removes what restoring needed. */
  tidy(): void {
    const names = listOptional(this.#folder);
    // The gate may not have read yet: what is in a fifo is lost with its last end.
    setTimeout(() => {
      for (const gate of [this.#ready, this.#go]) closeSync(gate);
      // The folder itself stays: the guest's namespace has it.
      for (const name of names) rmSync(join(this.#folder, name), { recursive: true, force: true });
    }, TIDY_MILLISECONDS);
  }
}

/** Takes what a fifo holds; gives whether it held anything. */
function hasWord(fifo: number): boolean {
  try {
    return readSync(fifo, new Uint8Array(16)) > 0;
  } catch (error) {
    if (failedWith(error, "EAGAIN")) return false;
    throw error;
  }
}
