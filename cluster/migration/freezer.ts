/** Stops a process so that neither it nor its parent can notice: the freezer of control groups, cgroup v2. */

import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { readOptional } from "../../system/files.ts";

/** The freezer takes 2 to 20 ms; a process in an uninterruptible sleep takes as long as its disk or server. */
const FREEZE_MILLISECONDS = 3_000;

export class Freezer {
  readonly #pid: number;
  readonly #top: string;
  readonly #folder: string;
  readonly #before: string;

  /** Puts the process into a group of its own below `top`, the mounted cgroup2. @throws the error of the file system */
  constructor(top: string, pid: number) {
    this.#pid = pid;
    this.#top = top;
    this.#before = /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, "utf8"))?.[1] ?? "/";
    this.#folder = `${top}/clump/${pid}`;
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(`${this.#folder}/cgroup.procs`, String(pid));
  }

  /** For criu(8), --freeze-cgroup. */
  get folder(): string {
    return this.#folder;
  }

  /** Resolves when every thread stands still. @throws Error where one does not within 3 s; it runs on then */
  async freeze(): Promise<void> {
    writeFileSync(`${this.#folder}/cgroup.freeze`, "1");
    const deadline = performance.now() + FREEZE_MILLISECONDS;
    while (!this.isFrozen()) {
      if (performance.now() > deadline) {
        this.thaw();
        throw new Error(`Cannot freeze process ${this.#pid}: it waits in the kernel for more than 3 s`);
      }
      await Bun.sleep(1);
    }
  }

  isFrozen(): boolean {
    return /^frozen 1$/m.test(readOptional(`${this.#folder}/cgroup.events`) ?? "");
  }

  thaw(): void {
    writeFileSync(`${this.#folder}/cgroup.freeze`, "0");
  }

  /** Thaws the process, gives it back to the group that it came from, and removes its own. */
  release(): void {
    try {
      this.thaw();
      writeFileSync(`${this.#top}${this.#before}/cgroup.procs`, String(this.#pid));
    } catch {
      // ESRCH: the process has ended meanwhile.
    }
    try {
      rmdirSync(this.#folder);
    } catch {
      // EBUSY: a zombie is in it until its parent has waited; the daemon removes empty groups later.
    }
  }
}
