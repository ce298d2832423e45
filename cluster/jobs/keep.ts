/** The image that mosrun --keep wants of a job: the job starts again from it when its node dies. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { memoryOf } from "../../probes/processes/process.ts";
import type { Departure } from "../migration/leave.ts";
import { findLack, type Members } from "./members.ts";
import { JOB_PATHS } from "./paths.ts";
import { type AwayJob, isAlive, type Wish } from "./record.ts";
import { Refusal } from "./refusal.ts";
import type { Registry } from "./registry.ts";

/**
 * Where the image of a job that leaves is kept; `undefined` where nobody wishes it. `waits`: the process is mosrun's
 * and waits for SIGUSR1.
 * @throws Refusal where this node has no memory for the image
 */
export function keepImage(
  record: AwayJob,
  waits: boolean,
  options: {
    readonly registry: Registry<AwayJob>;
    readonly wishes: Registry<Wish>;
    readonly members: Members;
  },
): Departure["keep"] {
  const { registry, wishes, members } = options;
  const wish = wishes.get(String(record.pid));
  if (wish === undefined || !isAlive(wish) || !wish.isKept) return undefined;
  const lack = members.own && findLack(memoryOf("", record.pid), members.own);
  if (lack !== undefined)
    throw new Refusal(`Cannot keep an image of process ${record.pid}: ${lack}`, "process");
  mkdirSync(JOB_PATHS.kept, { recursive: true, mode: 0o700 });
  return {
    folder: join(JOB_PATHS.kept, record.job),
    kept: (order) => registry.set({ ...record, kept: { order, waits } }),
  };
}
