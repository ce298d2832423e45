/** Which file systems of this node are full: they lie in memory, and what cannot be written there fails in odd ways. */

import { statfsSync } from "node:fs";
import type { Log } from "../../system/log.ts";

const LOOK_MILLISECONDS = 5_000;
/** Less than this share left is full. */
const FULL_SHARE = 0.01;
const MEGABYTE = 2 ** 20;

/** Bytes of a file system. */
export interface Space {
  readonly total: number;
  readonly free: number;
}

export interface FullFileSystemsOptions {
  /** Mount points: "/", "/tmp". */
  readonly paths: readonly string[];
  /** Before each path: "" on a real machine. */
  readonly root?: string;
  readonly log: Log;
  /** Called when what `problems()` answers has changed. */
  readonly changed: () => void;
  /** @throws the error of the file system */
  readonly spaceOf?: (path: string) => Space;
}

export class FullFileSystems {
  readonly #options: FullFileSystemsOptions;
  /** Problems by mount point. */
  readonly #full = new Map<string, string>();

  constructor(options: FullFileSystemsOptions) {
    this.#options = options;
  }

  /** Looks now and then, until the signal. */
  watch(signal: AbortSignal): void {
    const timer = setInterval(() => this.look(), LOOK_MILLISECONDS);
    timer.unref();
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }

  /** One sentence for each full file system, for the screen. */
  problems(): readonly string[] {
    return [...this.#full.values()];
  }

  look(): void {
    const { paths, changed } = this.#options;
    const before = this.problems().join();
    for (const path of paths) this.#lookAt(path);
    if (this.problems().join() !== before) changed();
  }

  #lookAt(path: string): void {
    const { log, root = "", spaceOf = readSpace } = this.#options;
    const space = attempt(() => spaceOf(root + path));
    if (space === undefined || space.free >= space.total * FULL_SHARE) {
      if (this.#full.delete(path)) log.info(`${path} has room again`);
      return;
    }
    if (this.#full.has(path)) return;
    const megabytes = Math.round(space.total / MEGABYTE);
    const problem = `${path} is full: all of its ${megabytes} MB are used, delete files there`;
    this.#full.set(path, problem);
    log.warn(problem);
  }
}

function readSpace(path: string): Space {
  const { blocks, bavail, bsize } = statfsSync(path);
  return { total: blocks * bsize, free: bavail * bsize };
}

/** A file system that was unmounted by hand is not full. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
