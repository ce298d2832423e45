/** The command clump on a node of a test: the root of its files, then the words. */

import { runClump } from "../../init/clump.ts";
import { say } from "../../system/output.ts";

const [root = "", ...words] = process.argv.slice(2);
process.exit(await runClump(words, { root, stdout: (text) => say(1, text), stderr: (text) => say(2, text) }));
