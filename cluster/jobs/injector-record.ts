/** A daemon that begins waits for the injector of the one before. */

import { rmSync } from "node:fs";
import { readProcess } from "../../probes/processes/process.ts";
import { readOptional, replaceFile } from "../../system/files.ts";
import { sendSignal } from "../signals.ts";
import { JOB_PATHS } from "./paths.ts";
import { isAlive } from "./record.ts";

/** An injection takes milliseconds, and gives up within 20 s. */
const END_MILLISECONDS = 25_000;
const LOOK_MILLISECONDS = 10;

export function recordInjector(pid: number): void {
  replaceFile(JOB_PATHS.injector, `${pid} ${readProcess("", pid)?.startTime ?? 0}`, 0o600);
}

/** Resolves when the recorded injector has ended, as it does without its daemon: it may have been stopped. */
export async function endOfInjector(): Promise<void> {
  const [pid = 0, startTime = 0] = (readOptional(JOB_PATHS.injector) ?? "").split(" ").map(Number);
  const isThere = () => pid > 0 && isAlive({ pid, startTime });
  const deadline = performance.now() + END_MILLISECONDS;
  if (isThere()) sendSignal(pid, "SIGCONT");
  while (isThere() && performance.now() < deadline) await Bun.sleep(LOOK_MILLISECONDS);
  // What it still does would come when this daemon takes the process for one that runs at home.
  if (isThere()) sendSignal(pid, "SIGKILL");
  rmSync(JOB_PATHS.injector, { force: true });
}
