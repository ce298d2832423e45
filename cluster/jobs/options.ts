/** The command line of clumpjobs. */

import { parseArguments } from "../../system/arguments.ts";
import type { CommandHelp } from "../../system/command-help.ts";
import { present } from "../../system/optional.ts";
import { readReadyDescriptor } from "../../system/readiness.ts";

export interface ClumpjobsOptions {
  /** Where the daemon reports that it is ready. */
  readonly readyDescriptor?: number;
  /** In place of the image's own. */
  readonly criu?: string;
  /** Whether strangers' processes run here where the cluster has no key. */
  readonly open: boolean;
  /** Whether this process is the injector of a daemon. */
  readonly inject: boolean;
  readonly help: boolean;
}

export const CLUMPJOBS_HELP: CommandHelp = {
  name: "clumpjobs",
  forms: ["[--open] [--criu PATH] [--ready-fd N]", "--inject"],
  does: "sends processes to other nodes, and takes theirs",
  words: [
    ["--open", "also in a cluster without a key: processes of strangers run here then"],
    ["--criu PATH", "criu(8), default that of the image"],
    ["--inject", "make deputies, as the daemon asks for them on standard input"],
    ["--ready-fd N", "write a newline to descriptor N when the sockets are open"],
  ],
};

/** @throws RangeError naming the wrong argument */
export function parseClumpjobsOptions(argv: readonly string[]): ClumpjobsOptions {
  const { values } = parseArguments({
    args: [...argv],
    options: {
      open: { type: "boolean", default: false },
      inject: { type: "boolean", default: false },
      criu: { type: "string" },
      "ready-fd": { type: "string" },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  const { criu, open, inject, help, "ready-fd": ready } = values;
  return {
    ...{ open, inject, help },
    ...present("criu", criu),
    ...present("readyDescriptor", readReadyDescriptor(ready)),
  };
}
