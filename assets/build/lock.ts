/** Lets one process at a time change a part of the cache. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CACHE } from "./project.ts";

/**
 * The finished image is made, within that an image is built; the boot loaders are looked up; within both packages are
 * fetched and unpacked.
 */
export type CachePart = "dist" | "build" | "loaders" | "packages";

/** Runs `work` once no other process holds the lock. */
export async function withCacheLock<T>(part: CachePart, work: () => Promise<T>): Promise<T> {
  await using _ = await holdLock(part);
  return await work();
}

/** Holds the lock of that name once no other process does; the lock ends with this process at the latest. */
export async function holdLock(name: string): Promise<AsyncDisposable> {
  mkdirSync(CACHE, { recursive: true });
  // flock(1) holds the lock as long as its cat reads from us.
  const holder = Bun.spawn(["flock", join(CACHE, `${name}.lock`), "sh", "-c", "echo; exec cat >/dev/null"], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const { done } = await holder.stdout.getReader().read();
  if (done) throw new Error("Cannot lock the cache: flock ended, and it was wanted to wait");
  return {
    async [Symbol.asyncDispose]() {
      await holder.stdin.end();
      await holder.exited;
    },
  };
}
