/** clumpd as a process of its own, for a test: the words after it are its. */

import { runClumpd } from "../../cluster/daemon/main.ts";
import { say } from "../../system/output.ts";

/** Milliseconds by which this node's clock is behind. */
const behind = Number(process.env["CLOCK_BEHIND"] ?? 0);
const { now } = Date;
Date.now = () => now() - behind;

const io = {
  root: "",
  stdout: (text: string) => say(1, text),
  stderr: (text: string) => say(2, text),
};

process.exit(await runClumpd(process.argv.slice(2), io));
