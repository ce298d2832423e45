/** The command line of clumpweb. */

import { parseArguments } from "../../system/arguments.ts";
import type { CommandHelp } from "../../system/command-help.ts";
import { present } from "../../system/optional.ts";
import { readReadyDescriptor } from "../../system/readiness.ts";
import { WEB_PORT } from "./port.ts";

export interface ClumpwebOptions {
  /** The folder below which this machine's files are. */
  readonly root: string;
  readonly address: string;
  /** 0 lets the kernel choose a port. */
  readonly port: number;
  /** The descriptor on which clumpweb reports that it listens. */
  readonly readyDescriptor?: number;
  readonly help: boolean;
}

export const CLUMPWEB_HELP: CommandHelp = {
  name: "clumpweb",
  forms: ["[--port PORT] [--address ADDRESS] [--ready-fd N] [--root DIR]"],
  does: "the web view and the metrics",
  words: [
    ["--port PORT", `TCP port, default ${WEB_PORT}`],
    ["--address ADDRESS", "listen on this address alone"],
    ["--ready-fd N", "write a newline to descriptor N when the port is open"],
    ["--root DIR", "show the node whose /run/clump is below DIR"],
  ],
  document: "web-view.md",
};

/** @throws RangeError naming the wrong argument */
export function parseClumpwebOptions(argv: readonly string[]): ClumpwebOptions {
  const { values } = parseArguments({
    args: [...argv],
    options: {
      root: { type: "string", default: "" },
      address: { type: "string", default: "0.0.0.0" },
      port: { type: "string", default: String(WEB_PORT) },
      "ready-fd": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (!(port <= 65_535)) {
    throw new RangeError(`Cannot listen on port ${values.port}: a number up to 65535 was wanted`);
  }
  return {
    ...{ root: values.root, address: values.address, port, help: values.help },
    ...present("readyDescriptor", readReadyDescriptor(values["ready-fd"])),
  };
}
