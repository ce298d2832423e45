/** The options of `npm run serve`. */

import yargs from "yargs";
import type { ServeSettings } from "../../modes/serve/dnsmasq.ts";
import { type Pool, parsePool } from "../../modes/serve/pool.ts";

export interface ServeOptions extends ServeSettings {
  /** The file of options for nodes. */
  readonly nodes?: string;
}

const DEFAULT_HTTP_PORT = 80;

/** Reads the command line; `--help` prints and ends the program. @throws RangeError */
export function readServeOptions(argv: readonly string[]): ServeOptions {
  const parsed = yargs([...argv])
    .scriptName("npm run serve --")
    .usage(
      "$0 --interface eth1 [options]\n\nMakes this machine the boot server of the network on one interface.",
    )
    .options({
      interface: {
        type: "string",
        demandOption: true,
        describe: "the interface to serve; nothing is answered on any other",
        requiresArg: true,
      },
      dhcp: {
        type: "string",
        describe: "be the DHCP server and give away FROM,TO; else one that is there already gives addresses",
        requiresArg: true,
      },
      nodes: { type: "string", describe: "a file of options for all nodes and for each", requiresArg: true },
      "http-port": { type: "number", default: DEFAULT_HTTP_PORT, describe: "for the large files" },
    })
    .parserConfiguration({ "duplicate-arguments-array": false })
    .strict()
    .version(false)
    .fail((message, error) => {
      throw error ?? new RangeError(message);
    })
    .parseSync();
  return {
    interface: parsed.interface,
    httpPort: checkPort(parsed.httpPort),
    ...(parsed.dhcp !== undefined && { pool: checkPool(parsed.dhcp) }),
    ...(parsed.nodes !== undefined && { nodes: parsed.nodes }),
  };
}

function checkPort(port: number): number {
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new RangeError(`Cannot use --http-port ${port}: a number from 1 to 65535 was wanted`);
}

function checkPool(text: string): Pool {
  const pool = parsePool(text);
  if (pool !== undefined) return pool;
  throw new RangeError(
    `Cannot use --dhcp ${text}: two addresses were wanted, as 192.168.1.100,192.168.1.200`,
  );
}
