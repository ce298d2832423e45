/** Stops a tree of processes so that neither it nor its parent can notice: the freezer of control groups, cgroup v2. */

import { existsSync, mkdirSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { hasEnded, treeOf } from "../../probes/processes/process.ts";
import { listOptional, readOptional } from "../../system/files.ts";

/** The freezer takes 2 to 20 ms; a process in an uninterruptible sleep takes as long as its disk or server. */
const FREEZE_MILLISECONDS = 3_000;

/** A process that was killed gives its memory back first: 0.2 s for a gigabyte. */
const EMPTY_MILLISECONDS = 3_000;

const LOOK_MILLISECONDS = 1;
/** Most processes stand still at once. */
const QUICK_LOOKS = 10;

export class Freezer {
  readonly #root: number;
  readonly #top: string;
  readonly #folder: string;
  /** The group that each process came from. */
  readonly #before = new Map<number, string>();

  /** Puts a tree into a group of its own below `top`, the mounted cgroup2. @throws the error of the file system */
  constructor(top: string, root: number) {
    this.#root = root;
    this.#top = top;
    this.#folder = Freezer.folderOf(top, root);
    mkdirSync(this.#folder, { recursive: true });
    this.#gather();
  }

  /** The group of a tree, before it is made. */
  static folderOf(top: string, root: number): string {
    return `${top}/clump/${root}`;
  }

  /** For criu(8), --freeze-cgroup. */
  get folder(): string {
    return this.#folder;
  }

  /** Resolves when every thread stands still, or has ended. @throws Error where one does not within 3 s; it runs on then */
  async freeze(): Promise<void> {
    writeFileSync(`${this.#folder}/cgroup.freeze`, "1");
    const deadline = performance.now() + FREEZE_MILLISECONDS;
    for (let looks = 1; !this.isFrozen() || this.#hasEnding(); looks++) {
      if (performance.now() > deadline) {
        this.thaw();
        throw new Error(`Cannot freeze process ${this.#root}: it waits in the kernel for more than 3 s`);
      }
      if (looks > QUICK_LOOKS) await Bun.sleep(LOOK_MILLISECONDS);
      else await setImmediate();
    }
  }

  isFrozen(): boolean {
    return this.#says("frozen 1");
  }

  /** A process that ends has left its group before others can see its end: criu(8) could not seize it. */
  #hasEnding(): boolean {
    const held = new Set(this.#held());
    return treeOf("", this.#root).some((pid) => !held.has(pid) && !hasEnded("", pid));
  }

  thaw(): void {
    writeFileSync(`${this.#folder}/cgroup.freeze`, "0");
  }

  /** cgroup.procs of the group that the root came from: written there, it runs, and the others stay frozen. */
  get groupOfRoot(): string {
    return this.#groupOf(this.#root);
  }

  /** All processes of the tree but its root. */
  get others(): number[] {
    return treeOf("", this.#root).filter((pid) => pid !== this.#root);
  }

  /** Thaws the tree, gives each process back to the group that it came from, and removes its own when that is empty. */
  async release(): Promise<void> {
    attempt(() => this.thaw());
    for (const pid of this.#held()) attempt(() => this.#giveBack(pid));
    const deadline = performance.now() + EMPTY_MILLISECONDS;
    while (this.#says("populated 1") && performance.now() < deadline) await Bun.sleep(LOOK_MILLISECONDS);
    // EBUSY: a killed process still waits for its disk or server. removeEmptyGroups() removes the group later.
    attempt(() => rmdirSync(this.#folder));
  }

  /** A line of cgroup.events. */
  #says(line: string): boolean {
    return (readOptional(`${this.#folder}/cgroup.events`) ?? "").split("\n").includes(line);
  }

  /** A child of one that is in the group begins in it; so the end is when a look finds no other. */
  #gather(): void {
    for (;;) {
      const held = new Set(this.#held());
      const others = treeOf("", this.#root).filter((pid) => !held.has(pid) && !this.#before.has(pid));
      if (others.length === 0) return;
      for (const pid of others) {
        this.#before.set(pid, groupOf(pid));
        if (pid === this.#root) this.#put(pid);
        else attempt(() => this.#put(pid));
      }
    }
  }

  #put(pid: number): void {
    writeFileSync(`${this.#folder}/cgroup.procs`, String(pid));
  }

  #giveBack(pid: number): void {
    writeFileSync(this.#groupOf(pid), String(pid));
  }

  #groupOf(pid: number): string {
    const before = this.#before.get(pid) ?? this.#before.get(this.#root)!;
    return `${this.#top}${before}/cgroup.procs`;
  }

  #held(): number[] {
    return pidsIn(this.#folder);
  }
}

/**
 * After a mover that died: thaws each process in a group of it, and gives it to the top group, or back to `guests`, the
 * group of guests; returns their pids.
 */
export function recoverGroups(top: string, guests = top): number[] {
  const recovered: number[] = [];
  for (const name of listOptional(`${top}/clump`)) {
    const folder = `${top}/clump/${name}`;
    const pids = pidsIn(folder);
    recovered.push(...pids);
    attempt(() => writeFileSync(`${folder}/cgroup.freeze`, "0"));
    for (const pid of pids) {
      const group = existsSync(guests) && isGuest(pid) ? guests : top;
      attempt(() => writeFileSync(`${group}/cgroup.procs`, String(pid)));
    }
    attempt(() => rmdirSync(folder));
  }
  return recovered;
}

/** Removes what release() could not: rmdir(2) leaves a group that has a process. */
export function removeEmptyGroups(top: string): void {
  for (const name of listOptional(`${top}/clump`)) attempt(() => rmdirSync(`${top}/clump/${name}`));
}

/** The root of a guest is the view of its home; a process that has come home has this node's. */
function isGuest(pid: number): boolean {
  const root = statSync(`/proc/${pid}/root/`, { throwIfNoEntry: false });
  return root !== undefined && root.dev !== statSync("/").dev;
}

function pidsIn(folder: string): number[] {
  return (readOptional(`${folder}/cgroup.procs`) ?? "").split("\n").filter(Boolean).map(Number);
}

function groupOf(pid: number): string {
  return /^0::(.*)$/m.exec(readOptional(`/proc/${pid}/cgroup`) ?? "")?.[1] ?? "/";
}

function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // ESRCH: the process has ended meanwhile. ENOTDIR: a file of cgroup2, and no group.
  }
}
