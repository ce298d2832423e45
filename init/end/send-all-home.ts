/** Before this machine leaves its cluster and runs on: what has moved goes home. */

import { askJobs, NoJobs } from "../../cluster/jobs/request.ts";

/** Asks the daemon of moves; tests put another in its place. */
export type AskJobs = (request: { readonly verb: "bring" | "expel" }) => Promise<unknown>;

/** The processes of this machine come home, and guests go. @throws Error with a line for each that stays */
export async function sendAllHome(ask: AskJobs = askJobs): Promise<void> {
  for (const verb of ["bring", "expel"] as const)
    await ask({ verb }).catch((error: unknown) => {
      // Without a daemon no process is away.
      if (!(error instanceof NoJobs)) throw error;
    });
}
