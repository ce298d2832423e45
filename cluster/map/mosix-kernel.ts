/** A real MOSIX or openMosix: its kernel, if this is one, and the setpe that belongs to it. */

import { accessSync, constants, readFileSync, realpathSync } from "node:fs";
import { MAP_PATH } from "./node-map.ts";

/** /proc/mosix up to Linux 2.4.16, /proc/hpc after it. */
const KERNEL_TREES = ["/proc/hpc", "/proc/mosix"];

const SETPE_PATHS = [
  "/sbin/setpe",
  "/usr/sbin/setpe",
  "/bin/setpe",
  "/usr/bin/setpe",
  "/usr/local/sbin/setpe",
];

export interface MosixKernel {
  /** Where its kernel answers, as in "/proc/hpc". */
  readonly tree: string;
  /** Its own setpe, where the image holds one. */
  readonly setpe?: string;
}

/**
 * The MOSIX this node runs on, or nothing on any other kernel.
 * `self` is the path of our own program, which the image also calls setpe.
 */
export function findMosixKernel(root: string, self: string): MosixKernel | undefined {
  const tree = KERNEL_TREES.find((path) => answers(`${root}${path}/admin/mospe`));
  if (tree === undefined) return undefined;
  const setpe = SETPE_PATHS.find((path) => isOtherProgram(root + path, self));
  return setpe === undefined ? { tree } : { tree, setpe };
}

/** The command that configures a MOSIX kernel with our map, or nothing where there is no setpe of its own. */
export function configureCommand({ setpe }: MosixKernel, node: number): string[] | undefined {
  return setpe === undefined ? undefined : [setpe, "-w", "-p", String(node), "-f", MAP_PATH];
}

function answers(path: string): boolean {
  try {
    return /^\d/.test(readFileSync(path, "utf8"));
  } catch {
    return false;
  }
}

function isOtherProgram(path: string, self: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return realpathSync(path) !== realpathSync(self);
  } catch {
    return false;
  }
}
