/** Where things are in the project's tree. */

import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dir, "../..");
export const CACHE = join(ROOT, ".cache");
export const DIST = join(ROOT, "dist");
