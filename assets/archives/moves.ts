/** What moves processes: criu(8), which writes a process as files and makes a process of such files. */

import type { Archive } from "./archive.ts";

/** A node whose processes never moved has it packed in memory, and no more. */
export const MOVES: Archive = {
  name: "moves",
  packages: ["criu"],
  files: [{ package: "criu", from: "sbin/criu", to: "usr/sbin/criu" }],
  ownFiles: {},
};
