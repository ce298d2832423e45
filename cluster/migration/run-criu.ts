/** Runs criu(8) for as long as it gets on. */

import { closeSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { bytesBelow } from "../../system/files.ts";
import { readComplaint } from "./criu.ts";

export interface CriuRun {
  /** What criu gets from descriptor 3 on. */
  readonly descriptors?: readonly number[];
  /** Called with its process group when it has begun; must not throw. */
  readonly begun?: (group: number) => void;
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
export async function runCriu(
  command: readonly string[],
  log: string,
  { descriptors = [], begun = () => {}, patience = PATIENCE_MILLISECONDS }: CriuRun = {},
): Promise<void> {
  // No pipe: a child that a killed criu leaves would keep it open.
  const words = `${log}.stderr.log`;
  const file = openSync(words, "w", 0o600);
  const child = Bun.spawn([...command], {
    stdio: ["ignore", "ignore", file, ...descriptors],
    env: { ...process.env, ...NO_BREAKPOINTS, ...NO_TLS },
    // A group of its own, which can be ended: nsenter(1) has criu as a child.
    detached: true,
  });
  closeSync(file);
  begun(child.pid);
  if (await hangs(child, dirname(log), patience)) {
    await end(child.pid);
    throw new CriuHangs(`criu did not end, and wrote nothing for ${patience / 1_000} s`);
  }
  if (child.exitCode === 0) return;
  // A criu that has come far has complaints in its log that ended nothing.
  if (child.signalCode !== null) throw new Error(`${child.signalCode} has ended it`);
  throw new Error(readComplaint(log, words));
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
  signal(group, "SIGALRM");
  // It may have been stopped.
  signal(group, "SIGCONT");
  if (await isGone(group, GIVE_BACK_MILLISECONDS)) return;
  signal(group, "SIGKILL");
  await isGone(group, DEATH_MILLISECONDS);
}

async function isGone(group: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (signal(group, 0)) {
    if (performance.now() > deadline) return false;
    await Bun.sleep(LOOK_MILLISECONDS);
  }
  return true;
}

/** Whether the group was there. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, name);
  } catch {
    return false;
  }
}
