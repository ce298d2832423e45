/** After a mover that died in the middle of a move: nothing stays frozen. */

import { rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listOptional, readOptional } from "../../system/files.ts";

/** Thaws each process in a group of an earlier mover, and gives it to the top group; returns their pids. */
export function recoverGroups(top: string): number[] {
  const recovered: number[] = [];
  for (const name of listOptional(join(top, "clump"))) {
    const folder = join(top, "clump", name);
    const pids = (readOptional(join(folder, "cgroup.procs")) ?? "").split("\n").filter(Boolean).map(Number);
    recovered.push(...pids);
    attempt(() => writeFileSync(join(folder, "cgroup.freeze"), "0"));
    for (const pid of pids) attempt(() => writeFileSync(join(top, "cgroup.procs"), String(pid)));
    attempt(() => rmdirSync(folder));
  }
  return recovered;
}

function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // A file, or a process that has ended meanwhile.
  }
}
