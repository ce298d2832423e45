import type { Service } from "./service.ts";

/** clumpview on every console at once: one process, so that a node pays for one. Leaving it ends the node. */
export function screenService(consoles: readonly string[]): Service {
  return {
    name: "clumpview",
    command: ["/usr/bin/clumpview", ...consoles.flatMap((console) => ["--console", console])],
    whenDone: "power off",
  };
}
