/**
 * The archive of rare drivers and their firmware. Where a device wants one of them, the archive is mounted and stays: such a
 * driver may ask for its firmware again. Where no device does, and a server can give the archive again, it leaves memory.
 */

import { closeSync, openSync, readSync } from "node:fs";
import { type Log, reason } from "../../system/log.ts";
import { applet, type RunTool } from "../../system/tool.ts";
import { toMegabytes } from "../disks/free-memory.ts";
import { findLoopDevice } from "../disks/loop-device.ts";
import { type Fetch, type PackedCopy, readPackedCopy } from "./packed-copy.ts";
import { RARE_DRIVERS_FILES } from "./rare-drivers-files.ts";
import { readSum } from "./sum.ts";

const ARCHIVE = "/usr/lib/clump/archive";
const TOOL_LIMIT_MILLISECONDS = 10_000;
const FETCH_LIMIT_MILLISECONDS = 120_000;
/** Nobody waits for the look; the first use of HTTP alone takes seconds on an emulated processor. */
const LOOK_LIMIT_MILLISECONDS = 60_000;
/** By these the copy is known, before the digest of the whole decides: they hold the superblock and the first files. */
const HEAD_BYTES = 4_096;

export interface RareDriversOptions {
  readonly root: string;
  readonly run: RunTool;
  readonly fetch: Fetch;
  readonly log: Pick<Log, "info" | "debug">;
}

export class RareDrivers {
  readonly #options: RareDriversOptions;
  #mounting: Promise<void> | undefined;
  #leaving: Promise<void> = Promise.resolve();
  /** Where the archive is, once it has left memory. */
  #copy: PackedCopy | undefined;

  constructor(options: RareDriversOptions) {
    this.#options = options;
  }

  /** Mounts the archive, and brings it back before that where it has left memory. @throws Error with the reason */
  provide(): Promise<void> {
    this.#mounting ??= this.#leaving
      .then(() => this.#mount())
      .catch((error: unknown) => {
        // The network may be back when the next device asks.
        this.#mounting = undefined;
        throw new Error(`the rare drivers are not at hand: ${reason(error)}`);
      });
    return this.#mounting;
  }

  /** Frees the memory of the archive, unless it is in use or the server at `url`, of the initramfs, cannot give it again. */
  giveBack(url: URL): Promise<void> {
    this.#leaving = this.#leave(url).catch((error: unknown) => {
      this.#options.log.debug(`The rare drivers stay in memory: ${reason(error)}`);
    });
    return this.#leaving;
  }

  async #leave(url: URL): Promise<void> {
    const { root, run, fetch, log } = this.#options;
    const { bytes } = readSum(root);
    const copy = { url, fetch, bytes, limitMilliseconds: FETCH_LIMIT_MILLISECONDS };
    const pieces: Uint8Array[] = [];
    const look = { ...copy, limitMilliseconds: LOOK_LIMIT_MILLISECONDS };
    for await (const piece of readPackedCopy(look, HEAD_BYTES)) pieces.push(piece);
    if (!Buffer.concat(pieces).equals(readHead(root)))
      throw new Error(`${url} is of another release, and one of this image was wanted`);
    if (this.#mounting !== undefined) throw new Error("a device wants one of them");
    const { ok, complaint } = await run([ARCHIVE, "drop", RARE_DRIVERS_FILES.name], TOOL_LIMIT_MILLISECONDS);
    if (!ok) throw new Error(complaint);
    this.#copy = copy;
    log.info(`rare drivers leave memory, ${toMegabytes(bytes)} MB: ${url} has them`);
  }

  async #mount(): Promise<void> {
    const { run, root } = this.#options;
    if (this.#copy !== undefined) {
      // Its digests are cryptography, which process 1 does without until then.
      const { bringBack } = await import("./bring-back.ts");
      await bringBack(root, this.#copy);
      this.#options.log.info(`rare drivers are back in memory, from ${this.#copy.url}`);
    }
    const { memory, folder, name } = RARE_DRIVERS_FILES;
    const command =
      this.#copy === undefined
        ? [ARCHIVE, "mount", name]
        : applet("mount", "-t", "squashfs", "-o", "loop,ro", root + memory, root + folder);
    const { ok, complaint } = await run(command, TOOL_LIMIT_MILLISECONDS);
    if (!ok) throw new Error(complaint);
  }
}

/** The first bytes of the archive in memory. @throws Error where there is no such archive */
function readHead(root: string): Buffer {
  const device = findLoopDevice(root, `/${RARE_DRIVERS_FILES.packed}`);
  if (device === undefined) throw new Error("they are not in memory");
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(root + device, "r");
  try {
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}
