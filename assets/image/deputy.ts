/** The small static programs in C: that of deputies, guests, terminals and files, with its names, mosrun, and insert. */

import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../build/project.ts";
import { run } from "../build/run.ts";
import { COMPILER_OPTIONS, listSources, STATIC_COMPILER } from "../build/static-program.ts";
import { linkInto } from "./place.ts";

const DEPUTY = "usr/lib/clump/deputy";
/** By its name the program knows what it is to do; a deputy is told by its environment. */
const NAMES = ["clump-guest", "clump-gate", "clump-pty", "clump-files", "clump-view", "clump-wake"];

const MOSRUN = { source: "assets/mosrun/mosrun.c", to: "usr/bin/mosrun" };
const INSERT = { source: "assets/insert/insert.c", to: "usr/lib/clump/insert" };

const COMPILE = [...STATIC_COMPILER, ...COMPILER_OPTIONS, "-o"];

/** @throws Error with the compiler's words */
export async function takeDeputy(target: string): Promise<void> {
  mkdirSync(join(target, dirname(DEPUTY)), { recursive: true });
  const output = join(target, DEPUTY);
  const sources = listSources().map((path) => join(ROOT, path));
  await run("compile the deputy", [...COMPILE, output, ...sources]);
  // A program of its own: a process that runs the program of deputies does not move.
  await run("compile mosrun", [...COMPILE, join(target, MOSRUN.to), join(ROOT, MOSRUN.source)]);
  for (const name of NAMES) linkInto(target, join(dirname(DEPUTY), name), DEPUTY);
}

/** What a node inserts modules with. @throws Error with the compiler's words */
export async function takeInsert(target: string): Promise<void> {
  await run("compile insert", [...COMPILE, join(target, INSERT.to), join(ROOT, INSERT.source)]);
}
