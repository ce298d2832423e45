/** The archives that the initramfs holds; that of the tools lies beside the initramfs. */

import type { Archive } from "./archive.ts";
import { DESKTOP } from "./desktop.ts";
import { MOVES } from "./moves.ts";

export const ARCHIVES: readonly Archive[] = [DESKTOP, MOVES];
