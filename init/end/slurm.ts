/** Takes a node out of its Slurm cluster before the machine ends: its jobs go on elsewhere, or end first. */

import {
  isSlurmLeave,
  SLURM_LEAVE_PATH,
  SLURM_NODE,
  type SlurmLeave,
} from "../../modes/slurm/slurm-request.ts";
import { readOptional } from "../../system/files.ts";
import type { Machine } from "../../system/machine.ts";
import { runShown } from "./guests.ts";

/** Limits, in seconds: jobs that are requeued end within the KillWait of slurm.conf, 30 s by default. */
const SECONDS: Readonly<Record<SlurmLeave, number>> = { requeue: 90, wait: 7 * 24 * 3_600 };

/** Longer than each of the limits. */
export const SLURM_LIMIT = { within: 8 * 24 * 3_600_000 };

/** How this node leaves its Slurm cluster; `undefined` for a node that is in none. */
export function findSlurmLeave(root: string): SlurmLeave | undefined {
  const text = readOptional(root + SLURM_LEAVE_PATH)?.trim();
  return text !== undefined && isSlurmLeave(text) ? text : undefined;
}

/** Resolves when no job is here and Slurm knows this node no more, or when somebody at the screen ends it at once. @throws Error */
export async function leaveSlurm(machine: Machine, how: SlurmLeave): Promise<void> {
  const seconds = SECONDS[how];
  const late = `Cannot leave Slurm within ${seconds} s`;
  const command = [SLURM_NODE, "leave", how];
  const complaint = await runShown(machine, { command, seconds, late, slurm: how });
  if (complaint !== undefined) throw new Error(complaint);
}
