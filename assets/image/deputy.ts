/** The small static program of deputies, guests, terminals and files: compiled into the tree, with its names. */

import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../build/project.ts";
import { run } from "../build/run.ts";
import { COMPILER_OPTIONS, listSources, STATIC_COMPILER } from "../build/static-program.ts";
import { linkInto } from "./place.ts";

const DEPUTY = "usr/lib/clump/deputy";
/** By its name the program knows what it is to do; a deputy is told by its environment. */
const NAMES = ["clump-guest", "clump-gate", "clump-pty", "clump-files", "clump-view", "clump-mfs"];

/** @throws Error with the compiler's words */
export async function takeDeputy(target: string): Promise<void> {
  mkdirSync(join(target, dirname(DEPUTY)), { recursive: true });
  const output = join(target, DEPUTY);
  const sources = listSources().map((path) => join(ROOT, path));
  await run("compile the deputy", [...STATIC_COMPILER, ...COMPILER_OPTIONS, "-o", output, ...sources]);
  for (const name of NAMES) linkInto(target, join(dirname(DEPUTY), name), DEPUTY);
}
