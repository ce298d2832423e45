/**
 * Injections run in a process of their own: a process whose tracer is killed within an injection would go on with the
 * registers of the injection. The daemon may be killed at any time, and the injection is done to its end.
 */

import { reason } from "../../system/log.ts";
import { ByteReader } from "./byte-reader.ts";
import { type Injection, inject } from "./injection.ts";

const IDLE_MILLISECONDS = 60_000;
/** An injection gives up by itself within 20 s: tracee.ts. A process that was stopped answers then. */
const ANSWER_MILLISECONDS = 25_000;
/** Arguments of a process may have 1 MiB, and JSON makes more of them. */
const MOST_LINE_BYTES = 2 ** 23;

interface Reply {
  /** Absent where the injection has succeeded. */
  readonly error?: string;
}

export interface InjectorOptions {
  /** Runs serveInjections(). */
  readonly command: readonly string[];
  /** Called with the pid of each process that begins. */
  readonly started?: (pid: number) => void;
  /** The milliseconds within which it is to answer, before it is sent on, and as long again before it is killed; default 25 s. */
  readonly patience?: number;
}

/** What it was doing may still be done: a process that had begun to run its deputy does so. */
export class InjectorEnded extends Error {}

type Child = Bun.Subprocess<"pipe", "pipe", "inherit">;

/** The daemon's end: begins the process when a move begins, and ends it when none has come for a minute. */
export class Injector {
  readonly #options: InjectorOptions;
  #running: { readonly child: Child; readonly replies: ByteReader } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(options: InjectorOptions) {
    this.#options = options;
  }

  /** Begins the process where none runs: its start takes longer than an injection. */
  prepare(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.stop(), IDLE_MILLISECONDS);
    this.#idle.unref();
    if (this.#running !== undefined && this.#running.child.exitCode === null) return;
    const child = Bun.spawn([...this.#options.command], { stdio: ["pipe", "pipe", "inherit"] });
    this.#running = { child, replies: new ByteReader(child.stdout) };
    this.#options.started?.(child.pid);
  }

  /** One after the other. @throws Error where the process may be as it was */
  async inject(injection: Injection): Promise<void> {
    const reply = this.#last.then(() => this.#ask(injection));
    this.#last = reply.catch(() => {});
    const { error } = await reply;
    if (error !== undefined) throw new Error(error);
  }

  /** An injection that is under way comes to its end. */
  stop(): void {
    clearTimeout(this.#idle);
    this.#running?.child.stdin.end();
    this.#running = undefined;
  }

  async #ask(injection: Injection): Promise<Reply> {
    this.prepare();
    const { child, replies } = this.#running!;
    // The process stands still meanwhile.
    const wakes = setTimeout(() => child.kill("SIGCONT"), this.#patience);
    const ends = setTimeout(() => child.kill("SIGKILL"), 2 * this.#patience);
    try {
      child.stdin.write(`${JSON.stringify(injection)}\n`);
      child.stdin.flush();
      const reply = JSON.parse(await replies.line()) as Reply;
      // Its end lets go whatever it still traces.
      if (reply.error !== undefined) this.stop();
      return reply;
    } catch {
      this.#running = undefined;
      throw new InjectorEnded("Cannot run a deputy: the injector has ended");
    } finally {
      clearTimeout(wakes);
      clearTimeout(ends);
    }
  }

  get #patience(): number {
    return this.#options.patience ?? ANSWER_MILLISECONDS;
  }
}

/** Performs the injections that come as lines on standard input, until its end. */
export async function serveInjections(write: (text: string) => void): Promise<void> {
  const lines = new ByteReader(Bun.stdin.stream());
  for (;;) {
    let line: string;
    try {
      line = await lines.line(MOST_LINE_BYTES);
    } catch {
      return;
    }
    write(`${JSON.stringify(perform(line))}\n`);
  }
}

function perform(line: string): Reply {
  try {
    inject(JSON.parse(line) as Injection);
    return {};
  } catch (error) {
    return { error: reason(error) };
  }
}
