/** The files of another node as a folder of this one: a program of its own carries what the kernel asks. */

import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { FILE_PROGRAMS, FILES_PORT } from "./paths.ts";
import { becomesReady } from "./ready-child.ts";

export interface ViewOptions {
  /** Where the server of files of that node answers. */
  readonly address: string;
  readonly target: string;
  /** The view of a guest, or the folder below /mfs. */
  readonly kind: "view" | "mfs";
  /** Folders of this node that stand in place of the other's. */
  readonly own?: readonly string[];
  readonly program?: string;
  readonly port?: number;
  /** Gives up the opening of a view that cannot be used yet. */
  readonly signal?: AbortSignal;
}

/**
 * Resolves when the folder can be used. The view outlives this process; it ends with its connection, by forced
 * unmounting, or by SIGTERM. @throws Error "Cannot see the files of …: why"
 */
export async function openView(options: ViewOptions): Promise<Bun.Subprocess> {
  const { address, target, kind, own = [], program = FILE_PROGRAMS.view, port = FILES_PORT } = options;
  options.signal?.throwIfAborted();
  const words = [`connect=${address}`, `port=${port}`, `target=${target}`, `kind=${kind}`];
  const child = Bun.spawn([program, ...words, ...own.map((path) => `own=${path}`)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const giveUp = () => child.kill("SIGKILL");
  options.signal?.addEventListener("abort", giveUp);
  await becomesReady(child).finally(() => options.signal?.removeEventListener("abort", giveUp));
  return child;
}

/** Whether a view is mounted there and answers; "broken" where it has lost its node. */
export async function viewAt(target: string): Promise<"none" | "there" | "broken"> {
  try {
    const [folder, parent] = await Promise.all([lstat(target), lstat(dirname(target))]);
    return folder.dev === parent.dev ? "none" : "there";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "none" : "broken";
  }
}
