/** Copies the memory of a process to another node while the process runs, so that the freeze does not grow with it. */

import { mkdirSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { changedMemoryOf } from "../../probes/processes/changed-memory.ts";
import { hasEnded, memoryOf } from "../../probes/processes/process.ts";
import { bytesBelow } from "../../system/files.ts";
import { reason } from "../../system/log.ts";
import { COPY_LOG, copyFolder } from "./criu.ts";
import type { Passage } from "./passage.ts";
import { CriuHangs, type CriuRun, runCriu } from "./run-criu.ts";

export interface CopyOptions {
  /** As this node calls the process. */
  readonly pid: number;
  /** The folder of images; each copy has a folder of its own in it. */
  readonly folder: string;
  /** copyCommand() with that folder. */
  readonly command: (copy: number) => readonly string[];
  readonly patience: CriuRun["patience"];
  /** Of the announced process. */
  readonly passage: Pick<Passage, "copy" | "refuse">;
  /** Called with the reason where criu cannot copy. */
  readonly notCopied: ((reason: string) => void) | undefined;
  /** The bytes that a process has changed since its last copy; default those that the kernel has marked. */
  readonly changed?: (pid: number) => number;
}

/**
 * 8 MiB take 0.07 s at 1 Gbit/s, and a run of criu takes 0.05 s: the freeze of a smaller process hardly gets shorter by
 * a copy, and its move as a whole gets longer.
 */
export const LEAST_COPIED_BYTES = 8 * 2 ** 20;

const MOST_COPIES = 5;
/**
 * Each copy is smaller than the one before by this factor at least: a process that changes its memory faster gains nothing
 * by more, and all copies together take no more room than twice the process.
 */
const SHRINKS = 0.5;

const LOOK_MILLISECONDS = 100;

/**
 * Copies its memory, and again what has changed meanwhile, for as long as that gets less. Resolves with how many copies the
 * other node has.
 * @throws Error where the other node refuses or hangs up, and CriuHangs
 */
export async function copyMemory(options: CopyOptions): Promise<number> {
  const { pid, folder, notCopied, changed = (root: number) => changedMemoryOf("", root) } = options;
  // criu(8) leaves pages of files to the files.
  let due = memoryOf("", pid, "ownMemory");
  let copies = 0;
  while (due >= LEAST_COPIED_BYTES && copies < MOST_COPIES) {
    let bytes: number;
    try {
      bytes = await write(options, copies + 1);
    } catch (error) {
      // A second criu would stop the process for as long again.
      if (error instanceof CriuHangs) throw error;
      // A kernel without soft-dirty PTEs, for one. All of the memory goes over once the process is frozen: criu may have
      // begun to mark changes anew.
      for (let copy = 1; copy <= copies + 1; copy++)
        rmSync(join(folder, copyFolder(copy)), { recursive: true, force: true });
      notCopied?.(reason(error));
      return 0;
    }
    copies += 1;
    await send(options, copies);
    due = changed(pid);
    if (due > SHRINKS * bytes) break;
  }
  return copies;
}

/** Resolves with the bytes of the copy. @throws Error with what criu complains of, and CriuHangs */
async function write({ folder, command, patience }: CopyOptions, copy: number): Promise<number> {
  const images = join(folder, copyFolder(copy));
  mkdirSync(images, { recursive: true, mode: 0o700 });
  await runCriu(command(copy), join(images, COPY_LOG), { patience });
  return bytesBelow(images);
}

/** @throws Error where the other node refuses or hangs up */
async function send({ pid, folder, passage }: CopyOptions, copy: number): Promise<void> {
  const watch = setInterval(() => {
    // Nobody needs the copy then; copy() throws at its next piece.
    if (hasEnded("", pid)) passage.refuse();
  }, LOOK_MILLISECONDS);
  try {
    await passage.copy(folder, copyFolder(copy));
  } catch (error) {
    passage.refuse();
    throw error;
  } finally {
    clearInterval(watch);
  }
  // A later dump looks only at which pages the copy has; their content would take memory twice.
  const images = join(folder, copyFolder(copy));
  for (const name of readdirSync(images)) if (name.startsWith("pages-")) truncateSync(join(images, name));
}
