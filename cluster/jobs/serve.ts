/** The daemon clumpjobs from its start to a signal: its parts, put together. */

import { setPriority } from "node:os";
import { basename } from "node:path";
import { readOptional } from "../../system/files.ts";
import { linuxMounts } from "../../system/kernel/linux-mounts.ts";
import { openKernelLog } from "../../system/log.ts";
import { reportReady } from "../../system/readiness.ts";
import { findKey } from "../security/key.ts";
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

/** Written by the build of the image. */
const IMAGE_NAME = "/usr/lib/clump/image";

/** Resolves after SIGTERM. @throws Error where a socket cannot be opened */
export async function serve({ criu, open, readyDescriptor }: ClumpjobsOptions): Promise<void> {
  const stop = Promise.withResolvers<void>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.resolve());
  // PID 1 sends it before SIGTERM, for shells.
  process.on("SIGHUP", () => {});
  setPriority(PRIORITY);
  const members = new Members("");
  const log = openKernelLog("clumpjobs");
  const key = findKey("");
  const address = await Promise.race([findAddress(members), stop.promise]);
  if (address === undefined) return;
  if (key === undefined && !open) throw new Error("Cannot move processes: a cluster with a key was wanted");
  const reach = await openReach({ address, key, log });
  const image = readOptional(IMAGE_NAME)?.trim() ?? "";
  const files = new NodeFiles({ members, reach, address, image, kernel: linuxMounts, log });
  const daemon = new JobsDaemon({
    ...{ members, reach, address, image, log },
    criu: async () => criu ?? (await mountCriu()),
    ...{ files, injector: injectorCommand() },
    // The supervisor starts the daemon again, with the new address.
    moved: stop.resolve,
  });
  await daemon.start();
  if (readyDescriptor !== undefined) reportReady(readyDescriptor);
  await stop.promise;
  daemon.stop();
  await reach.close();
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
