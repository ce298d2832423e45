/** Runs criu(8) for as long as it gets on. */

import { closeSync, constants, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { bytesBelow, listOptional } from "../../system/files.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import { sendSignal } from "../signals.ts";
import { readComplaint } from "./criu.ts";

export interface CriuRun {
  /** What criu gets from descriptor 3 on. */
  readonly descriptors?: readonly number[];
  /** The milliseconds for which criu may write nothing, default 30 s: the process that it dumps may stand still meanwhile. */
  readonly patience?: number | undefined;
}

/**
 * criu stops a process at the end of its code there by a breakpoint of the processor, and some hypervisors let none
 * through: criu before 4.2 waits for ever then. With this word it stops the process at the next system call instead,
 * which costs nothing. fault-injection.h of criu has the number, namespace.c gives it to the criu that restores.
 */
export const NO_BREAKPOINTS = { CRIU_FAULT: "130" };

/** criu has GnuTLS for connections of its own, which moves have none of: gnutls_global_init(3). It takes milliseconds. */
const NO_TLS = { GNUTLS_NO_IMPLICIT_INIT: "1" };

const PATIENCE_MILLISECONDS = 30_000;
/** A file beside the images, for `--config` of criu. */
export const OPTIONS = "options";
/** A criu that has not come to its options by then gets them later: the process is to move. */
const START_MILLISECONDS = 300;
const READ_MILLISECONDS = 1;
const LOOKS = 10;
const LOOK_MILLISECONDS = 20;
/** criu tries for 5 s. */
const GIVE_BACK_MILLISECONDS = 10_000;
/** A killed program that waits in the kernel, for a disk or a server, ends later. */
const DEATH_MILLISECONDS = 3_000;

/** criu got no further, and was ended. */
export class CriuHangs extends Error {}

/**
 * Runs a command of criu that writes into the folder of the file `log`.
 * @throws Error with its complaints, and CriuHangs
 */
export async function runCriu(command: readonly string[], log: string, run: CriuRun = {}): Promise<void> {
  await watch(start(command, log, run.descriptors), log, run);
}

export interface WaitingStart extends Pick<CriuRun, "descriptors"> {
  readonly command: readonly string[];
  /** In the folder of images. */
  readonly log: string;
  readonly fifo: string;
}

/**
 * A criu that is started, and waits for its last options: its start takes as long as the dump of a small process, and the
 * process runs on meanwhile. Without these options it does nothing, also where this program is killed.
 */
export class WaitingCriu {
  readonly #child: Bun.Subprocess;
  readonly #log: string;
  readonly #fifo: string;
  #options: number | undefined;

  private constructor(child: Bun.Subprocess, log: string, fifo: string) {
    this.#child = child;
    this.#log = log;
    this.#fifo = fifo;
  }

  /** Resolves when it waits, or has ended, or is slow. `fifo` is made, OPTIONS beside the images. @throws Error */
  static async start({ command, log, fifo, descriptors }: WaitingStart): Promise<WaitingCriu> {
    if (Bun.spawnSync(["mkfifo", "-m", "600", fifo]).exitCode !== 0) throw new Error("Cannot make a fifo");
    const criu = new WaitingCriu(start(command, log, descriptors), log, fifo);
    const deadline = performance.now() + START_MILLISECONDS;
    while (!criu.#reads() && performance.now() < deadline) await Bun.sleep(READ_MILLISECONDS);
    return criu;
  }

  /**
   * Gives it its last options, lines of a file of criu. `begun` is called with its process group then, and must not throw.
   * @throws as runCriu()
   */
  async run(
    options: string,
    { begun, ...run }: Pick<CriuRun, "patience"> & { readonly begun?: (group: number) => void } = {},
  ): Promise<void> {
    // What fails there, the end of criu tells.
    this.#tell(options).catch(() => {});
    begun?.(this.#child.pid);
    await watch(this.#child, this.#log, run);
  }

  /** Ends it where it still waits. */
  abandon(): void {
    if (!hasEnded(this.#child)) sendSignal(-this.#child.pid, "SIGKILL");
    this.#close();
  }

  async #tell(options: string): Promise<void> {
    while (!this.#reads()) await Bun.sleep(READ_MILLISECONDS);
    if (this.#options !== undefined) writeSync(this.#options, options);
    this.#close();
  }

  /** Whether it has come to its options, or to its end. */
  #reads(): boolean {
    if (this.#options !== undefined || hasEnded(this.#child)) return true;
    try {
      this.#options = openSync(this.#fifo, constants.O_WRONLY | constants.O_NONBLOCK);
      return true;
    } catch (error) {
      if (failedWith(error, "ENXIO")) return false;
      throw error;
    }
  }

  #close(): void {
    if (this.#options !== undefined) closeSync(this.#options);
    this.#options = undefined;
  }
}

/**
 * Makes a folder of images anew, where a daemon that was killed has left some. A criu that waits for its options there, or
 * is about to, gets their end, and ends.
 */
export function clearImages(folder: string): void {
  const fifos = listOptional(folder).flatMap((name) => openWaiting(join(folder, name, OPTIONS)));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  for (const fifo of fifos) closeSync(fifo);
}

/** Ends a criu that a daemon that was killed has left waiting for these options. */
export function endWaiting(fifo: string): void {
  const open = openWaiting(fifo);
  rmSync(fifo, { force: true });
  for (const each of open) closeSync(each);
}

/** Both ways: whoever opens it goes on. */
function openWaiting(fifo: string): number[] {
  try {
    return [openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK)];
  } catch (error) {
    if (failedWith(error, "ENOENT") || failedWith(error, "ENOTDIR")) return [];
    throw error;
  }
}

function start(command: readonly string[], log: string, descriptors: readonly number[] = []): Bun.Subprocess {
  // No pipe: a child that a killed criu leaves would keep it open.
  const file = openSync(wordsOf(log), "w", 0o600);
  const child = Bun.spawn([...command], {
    stdio: ["ignore", "ignore", file, ...descriptors],
    env: { ...process.env, ...NO_BREAKPOINTS, ...NO_TLS },
    // A group of its own, which can be ended: nsenter(1) has criu as a child.
    detached: true,
  });
  closeSync(file);
  return child;
}

async function watch(
  child: Bun.Subprocess,
  log: string,
  { patience = PATIENCE_MILLISECONDS }: Pick<CriuRun, "patience">,
): Promise<void> {
  if (await hangs(child, dirname(log), patience)) {
    await end(child.pid);
    throw new CriuHangs(`criu did not end, and wrote nothing for ${patience / 1_000} s`);
  }
  if (child.exitCode === 0) return;
  // A criu that has come far has complaints in its log that ended nothing.
  if (child.signalCode !== null) throw new Error(`${child.signalCode} has ended it`);
  throw new Error(readComplaint(log, wordsOf(log)));
}

function wordsOf(log: string): string {
  return `${log}.stderr.log`;
}

function hasEnded({ exitCode, signalCode }: Bun.Subprocess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Resolves with false when the program ends, and with true when the folder has not grown for so long. */
async function hangs({ exited }: Bun.Subprocess, folder: string, patience: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  void exited.then(() => resolve(false));
  let [before, looks] = [-1, 0];
  const timer = setInterval(() => {
    const now = bytesBelow(folder);
    looks = now === before ? looks + 1 : 0;
    before = now;
    if (looks === LOOKS) resolve(true);
  }, patience / LOOKS);
  return await promise.finally(() => clearInterval(timer));
}

/**
 * SIGALRM is what criu sends itself when a process that it seizes does not stop: the call in which it waits fails, and it
 * gives the process back as it was. A process whose criu is killed may have code of criu to run, and ends by SIGTRAP.
 */
async function end(group: number): Promise<void> {
  sendSignal(-group, "SIGALRM");
  // It may have been stopped.
  sendSignal(-group, "SIGCONT");
  if (await isGone(group, GIVE_BACK_MILLISECONDS)) return;
  sendSignal(-group, "SIGKILL");
  await isGone(group, DEATH_MILLISECONDS);
}

async function isGone(group: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (sendSignal(-group, 0)) {
    if (performance.now() > deadline) return false;
    await Bun.sleep(LOOK_MILLISECONDS);
  }
  return true;
}
