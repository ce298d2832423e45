/** setpe on this machine: what its parts are when a person types it. */

import { writeSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { text } from "node:stream/consumers";
import { parseAddress } from "../../system/address/ipv4.ts";
import { createAddressNamer, createHostResolver } from "../map/hosts.ts";
import type { SetpeIo } from "./setpe.ts";

/** The real surroundings of setpe; a `root` other than "" lets it work on a tree that is not this machine's. */
export function createSetpeIo(programName: string, root = ""): SetpeIo {
  return {
    stdin: () => text(process.stdin),
    // Written at once, because the program ends right after.
    stdout: (line) => void writeSync(1, line),
    stderr: (line) => void writeSync(2, line),
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
