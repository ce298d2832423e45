/** The files that a boot server hands out: from its own archive, or taken from a CD or a USB stick. */

import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SERVE_FILES, SERVE_FOLDER, TAKING } from "../../modes/serve/serve-files.ts";
import { CLUMPSERVE, PLAIN_SERVE, type ServeRequest, TAKE_OPTION } from "../../modes/serve/serve-request.ts";
import { describeEnd } from "../../system/children.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import { ejectNow } from "./eject.ts";

/** A CD has to come up to speed, and gives some megabytes a second. */
const TAKE_LIMIT_MILLISECONDS = 100_000;

/** A sentence for the screen where this node was not given what it is to give to others. */
export function findServeProblems(root: string, request: ServeRequest | undefined): readonly string[] {
  if (request === undefined || existsSync(join(root, SERVE_FOLDER, SERVE_FILES.kernel))) return [];
  return [
    "Cannot boot other nodes: serve.img was wanted behind initramfs.img; Serve in the menu of the CD loads both; clump start clumpserve takes it from a CD or USB stick",
  ];
}

/** Has those files taken from a CD or a USB stick where this node was not given them. @throws Error with a sentence */
export async function fetchServeFiles(
  machine: Machine,
  gives: { readonly backTheCd: boolean },
): Promise<void> {
  const { root, children } = machine;
  if (findServeProblems(root, PLAIN_SERVE).length === 0) return;
  const child = children.spawn([CLUMPSERVE, TAKE_OPTION], { errors: "captured" });
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(late.resolve, TAKE_LIMIT_MILLISECONDS, "late");
  const end = await Promise.race([child.ended, late.promise]);
  clearTimeout(timer);
  if (end === "late") {
    // It is not waited for: what hangs in a driver dies of no signal.
    child.kill("SIGKILL");
    clearAway(machine);
    throw new Error(
      `Cannot boot other nodes: serve.img did not come from a CD or USB stick within ${TAKE_LIMIT_MILLISECONDS / 1_000} s`,
    );
  }
  if (end.status === 0) return gives.backTheCd ? await ejectNow(machine) : undefined;
  const said = (await child.errors()).trim();
  throw new Error(said || `Cannot boot other nodes: clumpserve ended with ${describeEnd(end)}`);
}

/** What one that was killed leaves: a medium that nobody can take out, and memory. */
function clearAway({ kernel, root, log }: Machine): void {
  const acts = [
    () => kernel.unmount(root + TAKING.medium, { lazy: true }),
    () => rmSync(root + TAKING.folder, { recursive: true, force: true }),
  ];
  for (const act of acts) {
    try {
      act();
    } catch (error) {
      log.debug(`after clumpserve was killed: ${reason(error)}, ignoring`);
    }
  }
}
