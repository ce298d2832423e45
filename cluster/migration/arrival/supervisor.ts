/** The supervisor of one guest, a program of its own: assets/deputy/guest.c. */

import { closeSync, openSync } from "node:fs";

export class Supervisor {
  readonly #words: string;
  readonly #child: Bun.Subprocess<"pipe", number, number>;

  /** Starts it with its complaints in the file `log`: it makes the namespace of the guest. @throws Error */
  constructor(command: readonly string[], log: string) {
    this.#words = command.join("\0");
    const file = openSync(log, "w", 0o600);
    // Detached: a guest outlives this daemon.
    this.#child = Bun.spawn([...command], { stdio: ["pipe", file, file], detached: true });
    closeSync(file);
  }

  get pid(): number {
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Whether it runs, and was started by that command. */
  isOf(command: readonly string[]): boolean {
    return !this.hasEnded && this.#words === command.join("\0");
  }

  /** The images are whole: restores the guest. Processes that only help to restore it get pids above `quiet`. */
  restore(quiet: number): void {
    try {
      this.#child.stdin.write(`${quiet}\n`);
      void this.#child.stdin.end();
    } catch {
      // EPIPE: it has ended, which `hasEnded` says.
    }
  }

  /** Ends it, and with it the namespace of the guest. */
  end(): void {
    this.#child.kill("SIGKILL");
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
