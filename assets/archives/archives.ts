/** The archives of the image. */

import type { Archive } from "./archive.ts";
import { DESKTOP } from "./desktop.ts";
import { MOVES } from "./moves.ts";

export const ARCHIVES: readonly Archive[] = [DESKTOP, MOVES];
