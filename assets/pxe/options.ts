/** The options of `npm run pxe`. */

import { readOptions } from "../command-line/options.ts";

export interface PxeOptions {
  /** The file of kernel parameters for nodes. */
  readonly nodes: string | undefined;
  /** The URL of the folder, without a slash at its end. */
  readonly http: string | undefined;
  readonly update: boolean;
}

const OPTIONS = {
  nodes: {
    type: "string",
    describe: "a file of kernel parameters, for all nodes and for single nodes",
    requiresArg: true,
  },
  http: { type: "string", describe: "URL that serves the folder, as http://10.0.0.1", requiresArg: true },
  update: { type: "boolean", default: false, describe: "look for newer boot loaders" },
} as const;

/** Reads the command line; `--help` prints, and ends the program. @throws RangeError */
export function readPxeOptions(argv: readonly string[]): PxeOptions {
  const does = "Writes dist/pxe/, the folder that nodes without a medium boot from.";
  const { nodes, http, update } = readOptions({ call: "npm run pxe", does, options: OPTIONS }, argv);
  return { nodes, http: http === undefined ? undefined : checkUrl(http), update };
}

/** iPXE takes the URL as it is, and adds paths to it. */
function checkUrl(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === "http:" && url.host !== "" && /^http:\/\/[\w.:[\]/%~-]+$/.test(text))
    return text.replace(/\/+$/, "");
  throw new RangeError(`Cannot use --http ${text}: the URL of the folder was wanted, as http://10.0.0.1`);
}
