/** The files that a boot server hands out: from its own archive, or taken from a CD or a USB stick. */

import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SERVE_FILES, SERVE_FOLDER, TAKING } from "../../modes/serve/serve-files.ts";
import { CLUMPSERVE, type ServeRequest, TAKE_OPTION } from "../../modes/serve/serve-request.ts";
import { describeEnd } from "../../system/children.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import { ejectNow } from "./eject.ts";

/** A CD drive spins up, and then reads some megabytes a second. */
const TAKE_LIMIT_MILLISECONDS = 100_000;

/** Whether the boot loader loaded serve.img, or a medium gave it. */
export function hasServeFiles(root: string): boolean {
  return existsSync(join(root, SERVE_FOLDER, SERVE_FILES.kernel));
}

/** A sentence for the screen where `clump.serve` is set and the boot loader loaded no serve.img. */
export function findServeProblems(root: string, request: ServeRequest | undefined): readonly string[] {
  if (request === undefined || hasServeFiles(root)) return [];
  return [
    "Cannot boot other nodes: serve.img was wanted behind initramfs.img; Serve in the menu of the CD loads both; clump start clumpserve takes it from a CD or USB stick",
  ];
}

/** Copies the files from a CD or USB stick unless the boot loader loaded them. @throws Error with a sentence */
export async function fetchServeFiles(
  machine: Machine,
  gives: { readonly backTheCd: boolean },
): Promise<void> {
  const { root, children } = machine;
  if (hasServeFiles(root)) return;
  const child = children.spawn([CLUMPSERVE, TAKE_OPTION], { errors: "captured" });
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(late.resolve, TAKE_LIMIT_MILLISECONDS, "late");
  const end = await Promise.race([child.ended, late.promise]);
  clearTimeout(timer);
  if (end === "late") {
    // A process that hangs in a driver does not die of a signal, so its end is not awaited.
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

/** Removes the leftovers of a killed clumpserve: a mounted medium, and memory. */
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
