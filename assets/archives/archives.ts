/** The archives that the initramfs holds, and those that lie beside it. */

import type { Archive } from "./archive.ts";
import { DESKTOP } from "./desktop.ts";
import { MOVES } from "./moves.ts";
import { RARE_DRIVERS } from "./rare-drivers.ts";
import { SLURM } from "./slurm.ts";
import { TOOLS } from "./tools.ts";

export const ARCHIVES: readonly Archive[] = [DESKTOP, MOVES, RARE_DRIVERS];

/** Files of their own: a node has both, one of them, or neither. */
export const ARCHIVES_BESIDE: readonly Archive[] = [TOOLS, SLURM];
