/** The archives of the image. */

import type { Archive } from "./archive.ts";
import { DESKTOP } from "./desktop.ts";

export const ARCHIVES: readonly Archive[] = [DESKTOP];
