/** How the original of a moved process becomes its deputy. */

import { writeFileSync } from "node:fs";
import { sendSignal } from "../signals.ts";
import { Tracee } from "./tracee.ts";

export interface Injection {
  readonly pid: number;
  /** The program of deputies, with the arguments, environment and open descriptors that it gets. */
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly keep: readonly number[];
  /** cgroup.procs of a control group that is not frozen, for the process itself. */
  readonly group: string;
  /** The other processes of its tree, which end. */
  readonly others: readonly number[];
}

/** The process stops for its tracer, is thawed, and runs only the exec. @throws Error where it is as it was */
export function inject({ pid, program, group, others, ...given }: Injection): void {
  const tracee = new Tracee(pid);
  try {
    writeFileSync(group, String(pid));
    tracee.execute(program, given);
  } catch (error) {
    tracee.release();
    throw error;
  }
  // Only now is the tree abroad alone: until here, each failure leaves all of it at home.
  for (const other of others) sendSignal(other, "SIGKILL");
  tracee.letGo();
}
