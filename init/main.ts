/** One program under several names: what it does follows from the name it was called by. */

import { basename } from "node:path";
import { asksForHelp } from "../system/command-help.ts";
import { say } from "../system/output.ts";
import { runProgram } from "./programs.ts";

const called = basename(process.argv0);
/** From a checkout the first word is the name: `bun init/main.ts clumpview --demo 100`. */
const [name = "", ...args] = [called, ...process.argv.slice(2)].slice(/^bun\b/.test(called) ? 1 : 0);

/** As in `clump help`, `clumpview --help` and `clump nodes --help`. */
const isForHelp = args[0] === "help" || [args, args.slice(1)].some(asksForHelp);

const IO = {
  root: "",
  stdout: isForHelp ? (await import("./pager.ts")).showText : (text: string) => say(1, text),
  stderr: (text: string) => say(2, text),
};

process.exit(await runProgram(name, args, IO));
