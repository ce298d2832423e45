/** Who else has what a tree of processes has open: one look at all others, which run on meanwhile. */

import { statSync } from "node:fs";
import { type Descriptor, holdersOutside, readLink, treeOf } from "../../../probes/processes/process.ts";
import { isSameDescription } from "../../../system/kernel/ptrace.ts";
import type { Surroundings } from "./relays.ts";

/** A descriptor and the process that has it. */
export interface Held extends Descriptor {
  readonly pid: number;
}

interface Holder {
  readonly pid: number;
  readonly fd: number;
}

export class OneLook implements Surroundings<Held> {
  readonly #holders: ReadonlyMap<string, readonly Holder[]>;
  readonly #inside: ReadonlySet<number>;
  readonly #isRunning: boolean;
  #isCertain = true;

  /** The processes of the group `criu`, which dumps a tree that stands still, are no others. */
  constructor(tree: readonly number[], criu: number | undefined) {
    this.#isRunning = criu === undefined;
    this.#holders = holdersOutside("", new Set(tree), criu);
    // What a tree that runs has forked meanwhile belongs to it.
    this.#inside = new Set(treeOf("", tree[0]!));
  }

  /** False where another one has ended, or closed what it had open: it may have left that to a process it has forked. */
  get isCertain(): boolean {
    return this.#isCertain;
  }

  isHeldOutside(target: string): boolean {
    return this.#some(target, (other) => has(other, target) || undefined);
  }

  isSharedOutside({ pid, fd, target }: Held): boolean {
    return this.#some(
      target,
      (other) => isShared({ pid, fd }, other) || (has(other, target) ? false : undefined),
    );
  }

  isThere({ pid, fd, target }: Held): boolean {
    const link = readLink(`/proc/${pid}/fd/${fd}`);
    // "/dev/tty" is what `target` calls by its own name.
    if (link === undefined || link === target || link === "/dev/tty") return link !== undefined;
    // Others have renamed or removed the file of a process that stands still: nobody is found by its old name.
    if (!this.#isRunning) this.#isCertain = false;
    return !this.#isRunning;
  }

  kindOf({ pid, fd }: Held): "file" | "folder" | "fifo" | "device" | "other" {
    const stat = statSync(`/proc/${pid}/fd/${fd}`, { throwIfNoEntry: false });
    if (stat === undefined) return "other";
    if (stat.isFile()) return "file";
    if (stat.isDirectory()) return "folder";
    if (stat.isFIFO()) return "fifo";
    return stat.isCharacterDevice() || stat.isBlockDevice() ? "device" : "other";
  }

  /** `undefined` where that one has it no more. */
  #some(target: string, is: (other: Holder) => boolean | undefined): boolean {
    const others = (this.#holders.get(target) ?? []).filter(({ pid }) => !this.#inside.has(pid));
    let isCertain = true;
    for (const other of others) {
      const answer = is(other);
      if (answer === true) return true;
      if (answer === undefined) isCertain = false;
    }
    if (!isCertain) this.#isCertain = false;
    return false;
  }
}

function has({ pid, fd }: Holder, target: string): boolean {
  return readLink(`/proc/${pid}/fd/${fd}`) === target;
}

function isShared(one: Holder, other: Holder): boolean {
  try {
    return isSameDescription(one, other);
  } catch {
    // ESRCH or EBADF: one of them has gone.
    return false;
  }
}
