/** What a boot loader loads for nodes of Slurm. */

import { splitParameters } from "../../system/kernel-parameters.ts";

/** Loaded behind the initramfs, from the same folder. */
export const SLURM_IMAGE = "slurm.img";

/** Whether options of a kernel command line make a node one of Slurm. */
export function asksForSlurm(options: string): boolean {
  return splitParameters(options).some((word) => /^clump\.slurm(=|$)/.test(word));
}
