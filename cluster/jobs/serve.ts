/** The daemon clumpjobs from its start to a signal: its parts, put together. */

import { rmSync, writeSync } from "node:fs";
import { setPriority } from "node:os";
import { basename } from "node:path";
import { readOptional } from "../../system/files.ts";
import { linuxMounts } from "../../system/kernel/linux-mounts.ts";
import { openServiceLog } from "../../system/log.ts";
import { present } from "../../system/optional.ts";
import { reportReady } from "../../system/readiness.ts";
import { RUN_FOLDER } from "../../system/state/paths.ts";
import { runTool } from "../../system/tool.ts";
import type { MfsChannel } from "../files/mfs.ts";
import { removeRemains } from "../migration/criu-remains.ts";
import { fittingCriu } from "../migration/criu-version.ts";
import { findKey } from "../security/key.ts";
import { DEVICE } from "../tunnel/device.ts";
import { openReach } from "../tunnel/reach.ts";
import { JobsDaemon } from "./daemon.ts";
import { Members } from "./members.ts";
import { NodeFiles } from "./node-files.ts";
import type { ClumpjobsOptions } from "./options.ts";

/** Above that of jobs, or a busy node could not send them away. */
const PRIORITY = -10;
/** How often this node's address is looked for while it has none. */
const LOOK_MILLISECONDS = 500;
const IMAGE_CRIU = "/usr/sbin/criu";
const ARCHIVE = ["/usr/lib/clump/archive", "mount", "moves"];

const TOOL_MILLISECONDS = 10_000;

const NO_ADDRESS = "Cannot move processes: this node takes part in no cluster yet";

/** Written by the build of the image. */
const IMAGE_NAME = "/usr/lib/clump/image";

/**
 * Resolves after SIGTERM, or where the address has changed; with true where nothing needs a daemon any more.
 * @throws Error where a socket cannot be opened
 */
export async function serve(options: ClumpjobsOptions): Promise<boolean> {
  const { criu, open, noRoot, readyDescriptor, door, commands } = options;
  const stop = Promise.withResolvers<void>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.resolve());
  // PID 1 sends it before SIGTERM, for shells.
  process.on("SIGHUP", () => {});
  setPriority(PRIORITY);
  const members = new Members("");
  const log = openServiceLog("clumpjobs");
  const key = findKey("");
  // Whoever has woken this daemon waits for a word: an error where this node has no address to move from.
  const isAwaited = door !== undefined || commands !== undefined;
  const address = isAwaited ? members.own?.address : await Promise.race([findAddress(members), stop.promise]);
  if (isAwaited && address === undefined) throw new Error(NO_ADDRESS);
  if (address === undefined) return false;
  if (key === undefined && !open) throw new Error("Cannot move processes: a cluster with a key was wanted");
  const reach = openReach({ address, key, log, ...present("doorDescriptor", door) });
  const image = readOptional(IMAGE_NAME)?.trim() ?? "";
  const mfs = options.mfs ? openMfsChannel() : undefined;
  const files = new NodeFiles({
    ...{ members, reach, address, image, log, kernel: linuxMounts, ...present("mfs", mfs) },
    servesRoot: !noRoot,
  });
  const daemon = new JobsDaemon({
    ...{ members, reach, address, image, log, commandsDescriptor: commands },
    // That of the image fits its kernel.
    criu: criu === undefined ? mountCriu : fittingCriu(criu),
    ...{ files, injector: injectorCommand() },
    // The supervisor starts the daemon again, with the new address.
    moved: stop.resolve,
  });
  await daemon.start();
  await reach.openDoor();
  if (readyDescriptor !== undefined) reportReady(readyDescriptor);
  await stop.promise;
  const hasFinished = daemon.stop();
  await reach.close();
  if (hasFinished) await leaveNothing();
  return hasFinished;
}

/** This machine takes no part in a cluster any more: `clump leave` has left this to the last process that was away. */
async function leaveNothing(): Promise<void> {
  await runTool(["/usr/sbin/ip", "link", "delete", DEVICE], TOOL_MILLISECONDS);
  removeRemains("");
  rmSync(RUN_FOLDER, { recursive: true, force: true });
}

/** Standard input and output: clump-wake is at their other ends. */
function openMfsChannel(): MfsChannel {
  return { questions: Bun.stdin.stream(), say: (line) => void writeSync(1, `${line}\n`) };
}

/** @throws Error with the words of the program that mounts it */
async function mountCriu(): Promise<string> {
  const child = Bun.spawn(ARCHIVE, { stdio: ["ignore", "ignore", "pipe"] });
  const words = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(words.trim());
  return IMAGE_CRIU;
}

/** This program, as a checkout runs it too. */
function injectorCommand(): string[] {
  const isCheckout = /^bun\b/.test(basename(process.argv0));
  return [...(isCheckout ? [process.execPath, Bun.main, "clumpjobs"] : ["/usr/sbin/clumpjobs"]), "--inject"];
}

async function findAddress(members: Members): Promise<string> {
  for (;;) {
    const address = members.own?.address;
    if (address !== undefined) return address;
    await Bun.sleep(LOOK_MILLISECONDS);
  }
}
