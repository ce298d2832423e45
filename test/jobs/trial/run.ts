/**
 * Moves real processes on this machine, with its kernel and its criu(8): CRIU, or the one in PATH. As root:
 * bun test/jobs/trial/run.ts [options of bun test]. Not a part of `npm test`, which must not depend on a kernel.
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CRIU } from "./node-pair.ts";

const FOLDER = "test/jobs/trial";

const check = Bun.spawnSync([CRIU, "check"], { stdio: ["ignore", "pipe", "pipe"] });
if (check.exitCode !== 0) {
  console.error(`Cannot try moves: ${CRIU} check says ${check.stderr.toString().trim()}`);
  process.exit(1);
}
const trials = readdirSync(FOLDER).filter((name) => name.endsWith("-trial.ts"));
const files = trials.map((name) => `./${join(FOLDER, name)}`);
const tests = Bun.spawnSync(
  [process.execPath, "test", "--timeout=30000", ...files, ...process.argv.slice(2)],
  {
    stdio: ["ignore", "inherit", "inherit"],
  },
);
process.exit(tests.exitCode);
