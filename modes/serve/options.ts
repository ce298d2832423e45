/** The command line of clumpserve. */

import { parseArguments } from "../../system/arguments.ts";
import { asksForHelp, type CommandHelp } from "../../system/command-help.ts";
import { present } from "../../system/optional.ts";
import { readReadyDescriptor } from "../../system/readiness.ts";
import { type Pool, parsePool } from "./pool.ts";
import { TAKE_OPTION } from "./serve-request.ts";

export const CLUMPSERVE_HELP: CommandHelp = {
  name: "clumpserve",
  forms: ["FROM,TO [--ready-fd N]", TAKE_OPTION],
  does: "boots other PCs, with dnsmasq and HTTP",
  words: [
    ["FROM,TO", "the addresses it gives away where there is no other DHCP server"],
    ["--ready-fd N", "write a newline to descriptor N when PCs can boot"],
    [TAKE_OPTION, "put the system of the CD or USB stick in its place, and end"],
  ],
  document: "boot-media.md#a-room-from-one-cd",
};

export interface ServeOptions {
  readonly pool: Pool;
  /** The descriptor on which clumpserve reports that it serves, which takes an address. */
  readonly readyDescriptor?: number;
}

/** How to serve, or what to do instead. @throws RangeError that names the wrong word */
export function parseClumpserveOptions(args: readonly string[]): ServeOptions | "take" | "help" {
  if (asksForHelp(args)) return "help";
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: { take: { type: "boolean", default: false }, "ready-fd": { type: "string" } },
  });
  const wanted = `FROM,TO or ${TAKE_OPTION} was wanted`;
  const [word, surplus] = values.take ? [TAKE_OPTION, ...positionals] : positionals;
  if (word === undefined) throw new RangeError(`Cannot serve: no addresses were given, and ${wanted}`);
  const pool = parsePool(word);
  if (pool === undefined && !values.take) throw new RangeError(`Cannot use "${word}": ${wanted}`);
  if (surplus !== undefined) throw new RangeError(`Cannot use "${surplus}": ${wanted}, and no further word`);
  if (pool === undefined) return "take";
  return { pool, ...present("readyDescriptor", readReadyDescriptor(values["ready-fd"])) };
}
