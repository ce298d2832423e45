/** Copies the memory of a process to another node while the process runs, so that the freeze does not grow with it. */

import { mkdirSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { hasEnded, memoryOf } from "../../probes/processes/process.ts";
import { reason } from "../../system/log.ts";
import { COPY_FOLDER, COPY_LOG } from "./criu.ts";
import type { Passage } from "./passage.ts";
import { CriuHangs, type CriuRun, runCriu } from "./run-criu.ts";

export interface CopyOptions {
  /** As this node calls the process. */
  readonly pid: number;
  /** The folder of images; the copy has a folder of its own in it. */
  readonly folder: string;
  /** copyCommand() with that folder. */
  readonly command: readonly string[];
  readonly patience: CriuRun["patience"];
  /** Of the announced process. */
  readonly passage: Passage;
  /** Called with the reason where criu cannot copy. */
  readonly notCopied: ((reason: string) => void) | undefined;
}

/**
 * 8 MiB take 0.07 s at 1 Gbit/s, and a run of criu takes 0.05 s: the freeze of a smaller process hardly gets shorter by
 * a copy, and its move as a whole gets longer.
 */
export const LEAST_COPIED_BYTES = 8 * 2 ** 20;

const LOOK_MILLISECONDS = 100;

/**
 * Resolves with whether the other node has a copy.
 * @throws Error where the other node refuses or hangs up, and CriuHangs
 */
export async function copyMemory(options: CopyOptions): Promise<boolean> {
  const { pid, folder, command, patience, passage, notCopied } = options;
  // criu(8) leaves pages of files to the files.
  if (memoryOf("", pid, "ownMemory") < LEAST_COPIED_BYTES) return false;
  const images = join(folder, COPY_FOLDER);
  mkdirSync(images, { recursive: true, mode: 0o700 });
  try {
    await runCriu(command, join(images, COPY_LOG), { patience });
  } catch (error) {
    // A second criu would stop the process for as long again.
    if (error instanceof CriuHangs) throw error;
    // A kernel without soft-dirty PTEs, for one. All of the memory goes over once the process is frozen.
    rmSync(images, { recursive: true, force: true });
    notCopied?.(reason(error));
    return false;
  }
  const watch = setInterval(() => {
    // Nobody needs the copy then; copy() throws at its next piece.
    if (hasEnded("", pid)) passage.refuse();
  }, LOOK_MILLISECONDS);
  try {
    await passage.copy(images);
  } catch (error) {
    passage.refuse();
    throw error;
  } finally {
    clearInterval(watch);
  }
  // The dump looks only at which pages the copy has; their content would take memory twice.
  for (const name of readdirSync(images)) if (name.startsWith("pages-")) truncateSync(join(images, name));
  return true;
}
