/** Mounts the shares of `clump.mount=`, as soon as their servers answer. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createHostResolver } from "../../cluster/map/hosts.ts";
import { formatAddress, parseAddress } from "../../system/address/ipv4.ts";
import { readOptional } from "../../system/files.ts";
import { type Log, reason } from "../../system/log.ts";
import { PATHS } from "../../system/state/paths.ts";
import { applet, type RunTool } from "../../system/tool.ts";
import type { Share } from "../options/share.ts";

const AGAIN_MILLISECONDS = 5_000;
/** A server that is away holds mount(8) for minutes. */
const ATTEMPT_MILLISECONDS = 30_000;

/** What each attempt tries, one after the other: an NFS 4 server may know its first version alone. */
const VERSIONS: Readonly<Record<Share["type"], readonly string[]>> = {
  nfs4: ["vers=4.2", "vers=4.1", "vers=4.0"],
  nfs: ["vers=3,nolock"],
};

export interface MountOptions {
  readonly root: string;
  readonly log: Log;
  readonly run: RunTool;
  readonly signal: AbortSignal;
}

/** Mounts all meanwhile. Never throws. */
export function mountInBackground(shares: readonly Share[], options: MountOptions): void {
  mountShares(shares, options).catch((error) => options.log.warn(`${reason(error)}, ignoring`));
}

/** Mounts all, each on its own; a file says that some are missing still. Resolves when all are mounted, or at the signal. */
export async function mountShares(shares: readonly Share[], options: MountOptions): Promise<void> {
  const pending = options.root + PATHS.sharesPending;
  writeFileSync(pending, "");
  await Promise.all(shares.map((share) => mountShare(share, options)));
  rmSync(pending, { force: true });
}

async function mountShare(share: Share, options: MountOptions): Promise<void> {
  const { root, log, signal } = options;
  const name = `${share.server}:${share.path}`;
  mkdirSync(root + share.mountPoint, { recursive: true });
  let last = "";
  while (!signal.aborted) {
    const complaint = await attempt(share, options);
    if (complaint === undefined) return log.info(`mounted ${name} on ${share.mountPoint}`);
    if (complaint !== last)
      log.warn(`Cannot mount ${name} on ${share.mountPoint}: ${complaint}, trying again`);
    last = complaint;
    await Bun.sleep(AGAIN_MILLISECONDS);
  }
}

/** Resolves with what keeps the share from being mounted; undefined once it is. */
async function attempt(share: Share, { root, run }: MountOptions): Promise<string | undefined> {
  const { type, server, path, mountPoint } = share;
  const address = parseAddress(server) ?? (await createHostResolver(root)(server));
  if (address === undefined) return `no address of ${server} is known`;
  let complaint = "";
  for (const version of VERSIONS[type]) {
    // The kernel takes addresses alone. Without sec= it takes what the server lists first, which may be nobody's rights.
    const data = `${version},sec=sys,addr=${formatAddress(address)}`;
    const words = ["mount", "-t", type, "-o", data, `${server}:${path}`, root + mountPoint];
    const said = await run(applet(...words), ATTEMPT_MILLISECONDS);
    if (said.ok || isMounted(share, root)) return undefined;
    complaint = said.complaint.replace(/^mount: /, "");
  }
  return complaint;
}

/** mount(8) of busybox says "unknown error" of some shares that it has mounted, and a second mount would lie on the first. */
function isMounted({ server, path, mountPoint }: Share, root: string): boolean {
  const mounts = (readOptional(`${root}/proc/mounts`) ?? "").split("\n");
  return mounts.some((line) => line.startsWith(`${server}:${path} ${mountPoint} `));
}
