/** The command line of clumpserve. */

import { asksForHelp, type CommandHelp } from "../../system/command-help.ts";
import { type Pool, parsePool } from "./pool.ts";
import { TAKE_OPTION } from "./serve-request.ts";

export const CLUMPSERVE_HELP: CommandHelp = {
  name: "clumpserve",
  forms: ["FROM,TO", TAKE_OPTION],
  does: "boots other PCs, with dnsmasq and HTTP",
  words: [
    ["FROM,TO", "the addresses it gives away where there is no other DHCP server"],
    [TAKE_OPTION, "put the system of the CD or USB stick in its place, and end"],
  ],
  document: "boot-media.md#a-room-from-one-cd",
};

/** The pool to serve, or what to do instead. @throws RangeError that names the wrong word */
export function parseClumpserveOptions(args: readonly string[]): Pool | "take" | "help" {
  if (asksForHelp(args)) return "help";
  const [word, surplus] = args;
  const wanted = `FROM,TO or ${TAKE_OPTION} was wanted`;
  if (word === undefined) throw new RangeError(`Cannot serve: no addresses were given, and ${wanted}`);
  const request = word === TAKE_OPTION ? "take" : parsePool(word);
  if (request === undefined) throw new RangeError(`Cannot use "${word}": ${wanted}`);
  if (surplus !== undefined) throw new RangeError(`Cannot use "${surplus}": ${wanted}, and no further word`);
  return request;
}
