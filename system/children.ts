/** Child processes: all are started here, so that PID 1 knows which are Bun's and which are orphans. */

import { closeSync, fstatSync, openSync, readSync, unlinkSync } from "node:fs";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { bootTrace } from "./boot-trace.ts";
import type { Processes } from "./kernel/kernel.ts";

/** How a child ended: its exit status, or the signal that ended it. */
export interface ChildEnd {
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

export interface Child {
  readonly pid: number;
  readonly ended: Promise<ChildEnd>;
  /** The first 64 KiB of its standard error, at its end; empty where standard error is not captured. */
  errors(): Promise<string>;
  kill(signal: "SIGTERM" | "SIGKILL" | "SIGHUP"): void;
}

export interface ChildOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** An open terminal that becomes standard input, output and error. */
  readonly terminal?: number;
  /** An open socket that becomes standard input. */
  readonly input?: number;
  /** Open descriptors that become 3, 4… of the child; it gets no others but the standard ones. */
  readonly descriptors?: readonly number[];
  /** Where standard error goes without a terminal, default "dropped". */
  readonly errors?: "captured" | "dropped";
  /** Runs at the lowest priority. */
  readonly yields?: boolean;
}

export interface Children {
  /** Starts a program by its absolute path. @throws Error where it cannot be started */
  spawn(command: readonly string[], options?: ChildOptions): Child;
  /** Collects every ended child that was not started here: orphans that came to PID 1. */
  reapOrphans(): void;
}

/**
 * For children that are programs of ours. Process 1 alone calls C, for which the runtime compiles a little; what it
 * keeps ready for that is a megabyte of each process.
 */
const WITHOUT_COMPILER = { BUN_JSC_useJIT: "0" };

/** More of a child's complaints than a person reads; process 1 does not hold the rest in memory. */
const MOST_ERROR_BYTES = 2 ** 16;

/** Children of this process. */
export class OwnChildren implements Children {
  readonly #kernel: Pick<Processes, "endedChild" | "reap">;
  readonly #pids = new Set<number>();

  constructor(kernel: Pick<Processes, "endedChild" | "reap">) {
    this.#kernel = kernel;
  }

  spawn(command: readonly string[], options: ChildOptions = {}): Child {
    const { terminal, errors = "dropped", yields = false } = options;
    const name = command.join(" ");
    bootTrace.mark(`${name} starts`);
    const file = terminal === undefined && errors === "captured" ? openUnnamed() : undefined;
    let child: Bun.Subprocess;
    try {
      child = start(command, options, file);
    } catch (error) {
      if (file !== undefined) closeSync(file);
      throw error;
    }
    this.#pids.add(child.pid);
    if (yields) lowerPriority(child.pid);
    const ended = child.exited.then(() => {
      bootTrace.mark(`${name} has ended`);
      return this.#endOf(child);
    });
    const said = ended.then(() => (file === undefined ? "" : readAndClose(file)));
    return { pid: child.pid, ended, errors: () => said, kill: (signal) => child.kill(signal) };
  }

  /** A listener of SIGCHLD. */
  readonly reapOrphans = (): void => {
    for (;;) {
      const pid = this.#kernel.endedChild();
      // Bun waits for its own, and dies of ECHILD where another call was faster.
      if (pid === undefined || this.#pids.has(pid)) return;
      this.#kernel.reap(pid);
    }
  };

  #endOf(child: Bun.Subprocess): ChildEnd {
    this.#pids.delete(child.pid);
    // It may have stood before ended orphans, and waitid(2) shows only the first.
    this.reapOrphans();
    return {
      status: child.exitCode ?? undefined,
      signal: (child.signalCode as NodeJS.Signals | null) ?? undefined,
    };
  }
}

function start(
  command: readonly string[],
  { environment = {}, terminal, input, descriptors = [] }: ChildOptions,
  errors: number | undefined,
): Bun.Subprocess {
  return Bun.spawn([...command], {
    env: { ...process.env, ...WITHOUT_COMPILER, ...environment },
    stdio: [
      terminal ?? input ?? "ignore",
      terminal ?? "ignore",
      terminal ?? errors ?? "ignore",
      ...descriptors,
    ],
  });
}

/**
 * An unnamed file for a child's standard error: a pipe needs a reader, and streams start late on a slow machine.
 * `undefined` where the file system is full: the child runs without.
 */
function openUnnamed(): number | undefined {
  try {
    const path = join(tmpdir(), `clump-${process.pid}-${Bun.nanoseconds()}`);
    const file = openSync(path, "wx+", 0o600);
    unlinkSync(path);
    return file;
  } catch {
    return undefined;
  }
}

/** Reads from the beginning: the child's writes left the position at the end. */
function readAndClose(file: number): string {
  try {
    const bytes = Buffer.alloc(Math.min(fstatSync(file).size, MOST_ERROR_BYTES));
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, 0));
  } catch {
    return "";
  } finally {
    closeSync(file);
  }
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // ESRCH: it has ended already.
  }
}

/** "status 1" or "signal SIGKILL". */
export function describeEnd({ status, signal }: ChildEnd): string {
  return signal === undefined ? `status ${status}` : `signal ${signal}`;
}
