/** Takes a node out of its Slurm cluster before the machine ends: its jobs go on elsewhere, or end first. */

import { uptime } from "node:os";
import {
  isSlurmLeave,
  SLURM_LEAVE_PATH,
  SLURM_NODE,
  type SlurmLeave,
} from "../../modes/slurm/slurm-request.ts";
import { readOptional } from "../../system/files.ts";
import type { Machine } from "../../system/machine.ts";
import { answerWithin, tell } from "./guests.ts";

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
export async function leaveSlurm({ children, root }: Machine, how: SlurmLeave): Promise<void> {
  const seconds = SECONDS[how];
  tell(root, { untilUptime: uptime() + seconds, stays: [], slurm: how });
  const child = children.spawn([SLURM_NODE, "leave", how], { errors: "captured" });
  let hasEnded = false;
  void child.ended.then(() => (hasEnded = true));
  const end = await Promise.race([child.ended, answerWithin(root, seconds, () => hasEnded)]);
  if (end === "now" || (typeof end === "object" && end.status === 0)) return;
  if (typeof end === "object") throw new Error((await child.errors()).trim());
  throw new Error(`Cannot leave Slurm within ${seconds} s`);
}
