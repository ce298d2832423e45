/** Finds a kernel of MOSIX or openMosix, and the setpe that belongs to it. */

import { accessSync, constants, readFileSync, realpathSync } from "node:fs";
import { MAP_PATH } from "./node-map.ts";

/** Linux has /proc/mosix up to 2.4.16, and /proc/hpc from 2.4.17. */
const KERNEL_TREES = ["/proc/hpc", "/proc/mosix"];

const SETPE_PATHS = [
  "/sbin/setpe",
  "/usr/sbin/setpe",
  "/bin/setpe",
  "/usr/bin/setpe",
  "/usr/local/sbin/setpe",
];

export interface MosixKernel {
  /** The folder of the kernel, as "/proc/hpc". */
  readonly tree: string;
  /** The path of its own setpe, if the image holds one. */
  readonly setpe?: string;
}

/**
 * The MOSIX kernel of this node, or nothing on any other kernel.
 * `self` is the path of our own program, which the image also calls setpe.
 */
export function findMosixKernel(root: string, self: string): MosixKernel | undefined {
  const tree = KERNEL_TREES.find((path) => answers(`${root}${path}/admin/mospe`));
  if (tree === undefined) return undefined;
  const setpe = SETPE_PATHS.find((path) => isOtherProgram(root + path, self));
  return setpe === undefined ? { tree } : { tree, setpe };
}

/** The command that gives a MOSIX kernel our map, or nothing without a setpe of its own. */
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
