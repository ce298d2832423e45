/** The command line of clumpjobs. */

import { parseArguments } from "../../system/arguments.ts";
import type { CommandHelp } from "../../system/command-help.ts";

export interface ClumpjobsOptions {
  /** Where the daemon reports that it is ready. */
  readonly readyDescriptor?: number;
  /** In place of the image's own. */
  readonly criu?: string;
  /** Whether strangers' processes run here where the cluster has no key. */
  readonly open: boolean;
  readonly help: boolean;
}

export const CLUMPJOBS_HELP: CommandHelp = {
  name: "clumpjobs",
  forms: ["[--open] [--criu PATH] [--ready-fd N]"],
  does: "sends processes to other nodes, and takes theirs",
  words: [
    ["--open", "also in a cluster without a key: processes of strangers run here then"],
    ["--criu PATH", "criu(8), default that of the image"],
    ["--ready-fd N", "write a newline to descriptor N when the sockets are open"],
  ],
};

/** @throws RangeError naming the wrong argument */
export function parseClumpjobsOptions(argv: readonly string[]): ClumpjobsOptions {
  const { values } = parseArguments({
    args: [...argv],
    options: {
      open: { type: "boolean", default: false },
      criu: { type: "string" },
      "ready-fd": { type: "string" },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  const { criu, open, help, "ready-fd": ready } = values;
  if (ready !== undefined && !/^([3-9]|\d{2,4})$/.test(ready))
    throw new RangeError(`Cannot use --ready-fd "${ready}": an open descriptor above 2 was wanted`);
  return {
    ...{ open, help },
    ...(criu !== undefined && { criu }),
    ...(ready !== undefined && { readyDescriptor: Number(ready) }),
  };
}
