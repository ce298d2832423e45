/** A criu(8) that has a guest and gets no further. */

import { readProcess, treeOf } from "../../../probes/processes/process.ts";
import { sendSignal } from "../../signals.ts";

/** The criu that restores the images of that folder below a supervisor; `undefined` where it has ended. */
export function findRestoring(supervisor: number, images: string): number | undefined {
  return treeOf("", supervisor).find((pid) => {
    const argv = readProcess("", pid)?.argv ?? [];
    const verb = argv.indexOf("restore");
    // As start_criu() of namespace.c has them; a loader may stand before.
    return verb > 0 && argv[verb + 1] === "-D" && argv[verb + 2] === images;
  });
}

/** What it traces goes on where it is. */
export function killRestoring(supervisor: number, images: string): void {
  const pid = findRestoring(supervisor, images);
  if (pid !== undefined) sendSignal(pid, "SIGKILL");
}
