/** criu(8) as a program: its arguments, and what it says when it fails. */

import { join } from "node:path";
import { readOptional } from "../../system/files.ts";

const NO_REASON = "it gave no reason";

export const COPY_LOG = "copy.log";
export const DUMP_LOG = "dump.log";

/**
 * The folder, in that of the images, of a copy: the memory that was written while the process ran. The first, 1, has all;
 * each later copy has what has changed since the copy before.
 */
export function copyFolder(copy: number): string {
  return `copy-${copy}`;
}

/** criu finds what a copy or the dump leaves out through a link of this name to the copy before; criu(8), --prev-images-dir. */
export const BEFORE_LINK = "parent";

/** Writes the memory of a running process; from then on the kernel marks each page that changes (soft-dirty PTEs). */
export function copyCommand(
  criu: string,
  { pid, folder }: { readonly pid: number; readonly folder: string },
  copy: number,
): string[] {
  const images = join(folder, copyFolder(copy));
  return [
    ...[criu, "pre-dump", "--tree", String(pid), "--images-dir", images, "--log-file", COPY_LOG, "-v2"],
    ...["--shell-job", "--manage-cgroups=ignore", "--track-mem"],
    ...(copy > 1 ? ["--prev-images-dir", join("..", copyFolder(copy - 1))] : []),
  ];
}

export interface Dump {
  /** The process, or the file that will name it: dumpOptions(). */
  readonly of: number | { readonly config: string };
  readonly images: string;
  readonly group: string;
  /** How many copies there are, default none: only the memory is dumped that has changed since the last of them. */
  readonly copies?: number;
}

/** Dumps a frozen process, which stays frozen and whole. */
export function dumpCommand(criu: string, { of, images, group, copies = 0 }: Dump): string[] {
  return [
    ...[criu, "dump", ...(typeof of === "number" ? ["--tree", String(of)] : ["--config", of.config])],
    ...["--images-dir", images, "--log-file", DUMP_LOG, "-v2"],
    ...[
      "--shell-job",
      "--leave-running",
      "--freeze-cgroup",
      group,
      "--manage-cgroups=ignore",
      "--file-locks",
    ],
    ...(copies > 0 ? ["--track-mem", "--prev-images-dir", copyFolder(copies)] : []),
  ];
}

/** What the file of options says: criu(8), --config. */
export function dumpOptions(pid: number): string {
  return `tree ${pid}\n`;
}

/** The first complaints of a log of criu in one line, else the first line of `words`, which another program has written. */
export function readComplaint(log: string, words: string): string {
  return complaintsOf(log) || readOptional(words)?.trim().split("\n")[0] || NO_REASON;
}

/** Of the look at what kernel and machine have: a missing iptables(8) or device ends nothing. */
const LOOKS_AROUND = /^(exited, status=|tun: )/;

/** criu writes "(00.012345) Error (criu/tty.c:42): tty: ..."; "" where there is none. */
function complaintsOf(path: string): string {
  const errors = (readOptional(path) ?? "").split("\n").flatMap((line) => {
    const text = /Error \([^)]*\): (.*)$/.exec(line)?.[1];
    return text === undefined || LOOKS_AROUND.test(text) ? [] : [text.trim()];
  });
  return errors.slice(0, 2).join("; ");
}
