import type { Service } from "../service.ts";

/** The web view and the metrics, on that TCP port of every address. */
export function webService(port: number): Service {
  return {
    name: "clumpweb",
    command: ["/usr/sbin/clumpweb", "--port", String(port)],
    // It runs all the time and does little: without a compiler its memory halves.
    environment: { BUN_JSC_useJIT: "0", BUN_JSC_numberOfGCMarkers: "1" },
    whenDone: "start again",
  };
}
