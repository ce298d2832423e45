import type { Service } from "./service.ts";

/** The daemon that keeps this node in its cluster. */
export function clusterService(): Service {
  return {
    name: "clumpd",
    command: ["/usr/sbin/clumpd"],
    // It runs all the time and does little: without a compiler its memory halves.
    environment: { BUN_JSC_useJIT: "0", BUN_JSC_numberOfGCMarkers: "1" },
    whenDone: "start again",
  };
}
