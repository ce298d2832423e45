/** The surroundings of setpe on a real machine. */

import { networkInterfaces } from "node:os";
import { buffer } from "node:stream/consumers";
import { parseAddress } from "../../system/address/ipv4.ts";
import { say } from "../../system/output.ts";
import { createAddressNamer, createHostResolver } from "../map/hosts.ts";
import type { SetpeIo } from "./setpe.ts";

/** A `root` other than "" is a tree that is not this machine's. */
export function createSetpeIo(programName: string, root = ""): SetpeIo {
  return {
    // A byte order mark is part of the map, and a decoder of text would leave it out.
    stdin: async () => (await buffer(process.stdin)).toString("utf8"),
    stdout: (text) => say(1, text),
    stderr: (text) => say(2, text),
    root,
    programName,
    addresses: machineAddresses,
    resolve: createHostResolver(root),
    nameAddress: createAddressNamer(root),
  };
}

/** The IPv4 addresses of this machine, those of the loopback left out. */
function machineAddresses(): number[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => parseAddress(address) ?? 0);
}
