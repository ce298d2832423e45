/** The command line of clumpvnc. */

import { parseArguments } from "../../system/arguments.ts";
import type { CommandHelp } from "../../system/command-help.ts";

export interface ClumpvncOptions {
  /** The password file of the X server; absent where every viewer is let in. */
  readonly passwordFile?: string;
  /** Whether viewers only watch. */
  readonly viewOnly: boolean;
  readonly help: boolean;
}

export const CLUMPVNC_HELP: CommandHelp = {
  name: "clumpvnc",
  forms: ["[--password-file FILE] [--view-only]"],
  does: "passes VNC viewers on to the desktop, from the socket on standard input",
  words: [
    ["--password-file FILE", "the password as a VNC server reads it; without it all viewers are let in"],
    ["--view-only", "viewers only watch"],
  ],
  document: "clumpview.md#vnc",
};

/** @throws RangeError naming the wrong argument */
export function parseClumpvncOptions(argv: readonly string[]): ClumpvncOptions {
  const { values } = parseArguments({
    args: [...argv],
    options: {
      "password-file": { type: "string" },
      "view-only": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { help, "password-file": passwordFile, "view-only": viewOnly } = values;
  return { ...(passwordFile !== undefined && { passwordFile }), viewOnly, help };
}
