import type { Service } from "./service.ts";

/** clumpview on every console at once: one process, so that a node pays for one. Leaving it ends the node. */
export function screenService(consoles: readonly string[]): Service {
  return {
    name: "clumpview",
    command: ["/usr/bin/clumpview", ...consoles.flatMap((console) => ["--console", console])],
    // It runs all the time and does little: without a compiler its memory halves, and its work costs the same.
    environment: { BUN_JSC_useJIT: "0", BUN_JSC_numberOfGCMarkers: "1" },
    whenDone: "power off",
  };
}
