/** The supervisor of one guest, a program of its own: assets/deputy/guest.c. */

import { closeSync, openSync } from "node:fs";
import { hasEnded } from "../../../probes/processes/process.ts";

/** It ends so where criu(8) was killed: guest.h. */
const CRIU_WAS_KILLED = 3;

type Child = Bun.Subprocess<"pipe", number, number>;

export class Supervisor {
  readonly pid: number;
  readonly #words: string;
  /** Absent where an earlier daemon has started it. */
  readonly #child: Child | undefined;
  readonly #isAlive: () => boolean;

  private constructor(pid: number, isAlive: () => boolean, words: string, child?: Child) {
    this.pid = pid;
    this.#isAlive = isAlive;
    this.#words = words;
    this.#child = child;
  }

  /** Starts it with its complaints in the file `log`: it makes the namespace of the guest. @throws Error */
  static start(command: readonly string[], log: string): Supervisor {
    const file = openSync(log, "w", 0o600);
    // Detached: a guest outlives this daemon.
    const child = Bun.spawn([...command], { stdio: ["pipe", file, file], detached: true });
    closeSync(file);
    const isAlive = () => child.exitCode === null && child.signalCode === null;
    return new Supervisor(child.pid, isAlive, command.join("\0"), child);
  }

  /** The one that an earlier daemon has started. */
  static adopt(pid: number, isAlive: () => boolean): Supervisor {
    return new Supervisor(pid, isAlive, "");
  }

  get hasEnded(): boolean {
    return !this.#isAlive();
  }

  /** Whether somebody has killed it or its criu. Of one that an earlier daemon has started nobody knows. */
  get wasKilled(): boolean {
    if (this.#child === undefined) return this.hasEnded;
    return this.#child.signalCode !== null || this.#child.exitCode === CRIU_WAS_KILLED;
  }

  /** Whether it runs, by the word of the kernel, and was started by that command: a busy node hears of an end later. */
  isOf(command: readonly string[]): boolean {
    return !this.hasEnded && !hasEnded("", this.pid) && this.#words === command.join("\0");
  }

  /** The images are whole: restores the guest. Processes that only help to restore it get pids above `quiet`. */
  restore(quiet: number): void {
    try {
      this.#child?.stdin.write(`${quiet}\n`);
      void this.#child?.stdin.end();
    } catch {
      // EPIPE: it has ended, which `hasEnded` says.
    }
  }

  /** Ends it, and with it the namespace of the guest. */
  end(): void {
    if (!this.hasEnded) process.kill(this.pid, "SIGKILL");
  }
}

/** criu(8) writes an image "core-PID.img" for each process and each thread. */
export function pidsOf(names: readonly string[]): number[] {
  return names.flatMap((name) => /^core-(\d+)\.img$/.exec(name)?.[1] ?? []).map(Number);
}

const LEAST_PID = 400;
const MOST_HELPERS = 300;

/** A number above which no pid is in use, for as many processes as restoring may take. */
export function findQuietNumber(pids: readonly number[]): number {
  let quiet = LEAST_PID;
  for (const pid of pids.toSorted((a, b) => a - b)) {
    if (pid > quiet + MOST_HELPERS) break;
    quiet = Math.max(quiet, pid);
  }
  return quiet;
}
