/** The command line of clumpjobs. */

import { parseArguments } from "../../system/arguments.ts";
import type { CommandHelp } from "../../system/command-help.ts";
import { present } from "../../system/optional.ts";
import { parseReadyDescriptor, READY_WANTED, readReadyDescriptor } from "../../system/readiness.ts";

export interface ClumpjobsOptions {
  /** Where the daemon reports that it is ready. */
  readonly readyDescriptor?: number;
  /** In place of the image's own. */
  readonly criu?: string;
  /** Whether strangers' processes run here where the cluster has no key. */
  readonly open: boolean;
  /** Whether processes of root stay here, and files are served to users alone that have processes away. */
  readonly noRoot: boolean;
  /** Whether this process is the injector of a daemon. */
  readonly inject: boolean;
  /** Listening sockets of clump-wake, which has started the daemon for whoever waits at them: that of the door, and that of commands. */
  readonly door?: number;
  readonly commands?: number;
  /** Whether standard input and output are those of /mfs (assets/files/mfs.h). */
  readonly mfs: boolean;
  readonly help: boolean;
}

export const CLUMPJOBS_HELP: CommandHelp = {
  name: "clumpjobs",
  forms: ["[--open] [--no-root] [--criu PATH] [--mfs] [--door N --commands N] [--ready-fd N]", "--inject"],
  does: "sends processes to other nodes, and takes theirs",
  words: [
    ["--open", "also in a cluster without a key: processes of strangers run here then"],
    ["--no-root", "send no process of root, and serve only files of users that have processes away"],
    ["--criu PATH", "criu(8), default that of the image"],
    ["--inject", "make deputies, as the daemon asks for them on standard input"],
    ["--mfs", "answer clump-wake on standard input and output, for /mfs"],
    ["--door N", "take visitors of the tunnel on that listening socket, from clump-wake"],
    ["--commands N", "take commands on that listening socket"],
    ["--ready-fd N", "write a newline to descriptor N when the sockets are open"],
  ],
  document: "moves.md",
};

/** @throws RangeError naming the wrong argument */
export function parseClumpjobsOptions(argv: readonly string[]): ClumpjobsOptions {
  const { values } = parseArguments({
    args: [...argv],
    options: {
      open: { type: "boolean", default: false },
      "no-root": { type: "boolean", default: false },
      inject: { type: "boolean", default: false },
      criu: { type: "string" },
      mfs: { type: "boolean", default: false },
      door: { type: "string" },
      commands: { type: "string" },
      "ready-fd": { type: "string" },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  const { criu, open, inject, mfs, help, door, commands, "ready-fd": ready, "no-root": noRoot } = values;
  return {
    ...{ noRoot, open, inject, mfs, help },
    ...present("door", readSocket("--door", door)),
    ...present("commands", readSocket("--commands", commands)),
    ...present("criu", criu),
    ...present("readyDescriptor", readReadyDescriptor(ready)),
  };
}

/** @throws RangeError */
function readSocket(option: string, text: string | undefined): number | undefined {
  const descriptor = parseReadyDescriptor(text ?? "");
  if (text === undefined || descriptor !== undefined) return descriptor;
  throw new RangeError(`Cannot use ${option} "${text}": ${READY_WANTED} was wanted`);
}
