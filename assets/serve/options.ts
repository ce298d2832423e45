/** The options of `npm run serve`. */

import type { ServeSettings } from "../../modes/serve/dnsmasq.ts";
import { type Pool, parsePool } from "../../modes/serve/pool.ts";
import { readOptions, wholeNumber } from "../command-line/options.ts";

export interface ServeOptions extends ServeSettings {
  /** The file of kernel parameters for nodes. */
  readonly nodes?: string;
}

const OPTIONS = {
  interface: {
    type: "string",
    demandOption: true,
    describe: "the network interface to serve; the server answers on no other",
    requiresArg: true,
  },
  dhcp: {
    type: "string",
    describe: "be the DHCP server, and lease the addresses FROM,TO; default: an existing server leases them",
    requiresArg: true,
  },
  nodes: {
    type: "string",
    describe: "a file of kernel parameters, for all nodes and for single nodes",
    requiresArg: true,
  },
  "http-port": { default: 80, describe: "TCP port for the large files", requiresArg: true },
} as const;

/** Reads the command line; `--help` prints, and ends the program. @throws RangeError */
export function readServeOptions(argv: readonly string[]): ServeOptions {
  const does = "Makes this machine the boot server of the network on one interface.";
  const { dhcp, nodes, ...given } = readOptions(
    { call: "npm run serve", usage: "--interface eth1 [options]", does, options: OPTIONS },
    argv,
  );
  return {
    interface: given.interface,
    httpPort: wholeNumber("http-port", given["http-port"], { from: 1, to: 65_535 }),
    ...(dhcp !== undefined && { pool: checkPool(dhcp) }),
    ...(nodes !== undefined && { nodes }),
  };
}

function checkPool(text: string): Pool {
  const pool = parsePool(text);
  if (pool !== undefined) return pool;
  throw new RangeError(
    `Cannot use --dhcp ${text}: two addresses were wanted, as 192.168.1.100,192.168.1.200`,
  );
}
