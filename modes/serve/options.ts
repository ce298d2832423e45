/** The command line of clumpserve. */

import { parseArguments } from "../../system/arguments.ts";
import { asksForHelp, type CommandHelp } from "../../system/command-help.ts";
import { present } from "../../system/optional.ts";
import { readReadyDescriptor } from "../../system/readiness.ts";
import { type Pool, parsePool } from "./pool.ts";
import { TAKE_OPTION } from "./serve-request.ts";

export const CLUMPSERVE_HELP: CommandHelp = {
  name: "clumpserve",
  forms: ["FROM,TO [--ready-fd N]", "--interface NAME [--dhcp FROM,TO] [--no-key]", TAKE_OPTION],
  does: "boots other PCs, with dnsmasq and HTTP",
  words: [
    ["FROM,TO", "the addresses it gives away where there is no other DHCP server"],
    ["--interface NAME", "serve there, on a workstation, whatever its address is"],
    ["--dhcp FROM,TO", "be the DHCP server there, and lease these addresses; default beside another"],
    ["--no-key", "keep the cluster key of the workstation from the nodes"],
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

/** How a workstation serves. */
export interface InterfaceOptions {
  readonly interface: string;
  /** Absent beside another DHCP server. */
  readonly pool?: Pool;
  /** Whether the nodes get the cluster key of the workstation. */
  readonly handsOutKey: boolean;
}

/** How to serve, or what to do instead. @throws RangeError that names the wrong word */
export function parseClumpserveOptions(
  args: readonly string[],
): ServeOptions | InterfaceOptions | "take" | "help" {
  if (asksForHelp(args)) return "help";
  if (args.includes("--interface")) return parseInterfaceOptions(args);
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

const INTERFACE_OPTIONS = {
  interface: { type: "string" },
  dhcp: { type: "string" },
  "no-key": { type: "boolean", default: false },
} as const;

/** The words of a workstation; `--interface` is behind one. @throws RangeError that names the wrong word */
export function parseInterfaceOptions(args: readonly string[]): InterfaceOptions {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: INTERFACE_OPTIONS,
  });
  if (positionals[0] !== undefined)
    throw new RangeError(`Cannot use "${positionals[0]}": --interface NAME and no further word was wanted`);
  const { interface: name = "", dhcp } = values;
  // A longer one, or one with other characters, is none of Linux, and the options stand in a file of systemd.
  if (!/^[\w.@:-]{1,15}$/.test(name))
    throw new RangeError(`Cannot serve on "${name}": the name of an interface was wanted, as eth1`);
  const pool = dhcp === undefined ? undefined : parsePool(dhcp);
  if (dhcp !== undefined && pool === undefined)
    throw new RangeError(
      `Cannot use --dhcp "${dhcp}": two addresses were wanted, as 192.168.1.100,192.168.1.200`,
    );
  return { interface: name, ...present("pool", pool), handsOutKey: !values["no-key"] };
}

/** The same as words of clumpserve. */
export function formatInterfaceOptions({ interface: name, pool, handsOutKey }: InterfaceOptions): string {
  const words = [
    "--interface",
    name,
    ...(pool ? ["--dhcp", pool.join(",")] : []),
    ...(handsOutKey ? [] : ["--no-key"]),
  ];
  return words.join(" ");
}
