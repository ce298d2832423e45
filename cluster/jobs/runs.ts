/** mosrun: moves a process before it runs its program, and notes what was wished for it. */

import { readProcess } from "../../probes/processes/process.ts";
import { type Log, reason } from "../../system/log.ts";
import { sendSignal } from "../signals.ts";
import type { Departures } from "./departures.ts";
import type { Members } from "./members.ts";
import { parseRunWish } from "./mosrun-options.ts";
import { isAlive, type Wish } from "./record.ts";
import type { Registry } from "./registry.ts";

export interface RunOptions {
  readonly wishes: Registry<Wish>;
  readonly members: Members;
  readonly departures: Pick<Departures, "migrate">;
  readonly log: Log;
  readonly signal?: (pid: number, signal: "SIGUSR1" | "SIGUSR2") => void;
  /** 0 to 1. */
  readonly chance?: () => number;
}

export interface Runner {
  readonly pid: number;
  readonly uid: number;
}

/** The answer to mosrun, and what follows once mosrun has hung up. */
export interface RunAnswer {
  readonly line: string;
  readonly afterwards?: () => Promise<void>;
}

export class Runs {
  readonly #options: RunOptions;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** Answers one call of mosrun with the words of its options. */
  answer(words: readonly string[], runner: Runner): RunAnswer {
    try {
      const { to, isForced, isLocked, isKept = false } = parseRunWish(words);
      if (isLocked !== undefined || isKept) this.#note(runner.pid, isLocked === true, isKept);
      if (to === undefined || to === "home") return { line: "run" };
      return this.#send(runner, to, isForced);
    } catch (error) {
      return { line: `fail mosrun: ${reason(error)}` };
    }
  }

  /** The pids of processes that load balancing leaves where they are. */
  get locked(): number[] {
    return this.#options.wishes.all.flatMap((wish) => (wish.isLocked && isAlive(wish) ? [wish.pid] : []));
  }

  /** Forgets processes that have ended. Called once a second. */
  sweep(): void {
    const { wishes } = this.#options;
    for (const wish of wishes.all) if (!isAlive(wish)) wishes.delete(wish.job);
  }

  #note(pid: number, isLocked: boolean, isKept: boolean): void {
    const { wishes } = this.#options;
    const { startTime = 0, name = "" } = readProcess("", pid) ?? {};
    const wish = { job: String(pid), pid, startTime, name, since: Date.now(), isLocked, isKept };
    if (isLocked || isKept) wishes.set(wish);
    else wishes.delete(wish.job);
  }

  #send({ pid, uid }: Runner, nodes: readonly string[], isForced: boolean): RunAnswer {
    const { members, departures, log, signal = sendSignal, chance = Math.random } = this.#options;
    const found = nodes.map((word) => attempt(() => members.find(word)));
    const living = found.flatMap((node) => (node instanceof Error ? [] : [node]));
    const node = living[Math.floor(chance() * living.length)];
    if (node?.isSelf || (node === undefined && isForced)) return { line: "run" };
    if (node === undefined) {
      const [why] = found.flatMap((each) => (each instanceof Error ? [each.message] : []));
      return { line: `fail Migration Failed: ${why}` };
    }
    const move = async () => {
      let hasMoved = true;
      await departures.migrate(pid, node.address, uid, { isStart: true }).catch((error: unknown) => {
        hasMoved = false;
        log.info(`mosrun of process ${pid}: ${reason(error)}`);
      });
      signal(pid, hasMoved || isForced ? "SIGUSR1" : "SIGUSR2");
    };
    return { line: "wait", afterwards: move };
  }
}

function attempt<T>(find: () => T): T | Error {
  try {
    return find();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
