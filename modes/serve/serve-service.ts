import type { Service } from "../service.ts";
import type { ServeRequest } from "./serve-request.ts";

export const CLUMPSERVE = "/usr/sbin/clumpserve";
/** Has it put its files in their place from a medium, and end. */
export const TAKE_WORD = "--take";

/** The boot server of a node, which lets the other PCs of its network become nodes too. */
export function serveService({ pool }: ServeRequest): Service {
  return {
    name: "clumpserve",
    command: [CLUMPSERVE, pool.join(",")],
    environment: { BUN_JSC_useJIT: "0", BUN_JSC_numberOfGCMarkers: "1" },
    whenDone: "start again",
  };
}
