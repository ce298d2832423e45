/** The initramfs of this node, joined from its two ends, which the medium has, and the packed system in memory. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { SERVE_FILES } from "./serve-files.ts";

export interface InitramfsInputs {
  /** The folder of the boot server (SERVE_FOLDER). */
  readonly folder: string;
  /** The block device with the packed system, which is mounted on /usr. */
  readonly system: string;
}

const PIECE_BYTES = 2 ** 20;

/**
 * Writes the initramfs among the served files, unless it exists.
 * @throws Error where the two ends are of another build
 */
export async function writeInitramfs({ folder, system }: InitramfsInputs): Promise<void> {
  const file = (name: keyof typeof SERVE_FILES) => join(folder, SERVE_FILES[name]);
  const text = (name: "size" | "digest") => readFileSync(file(name), "utf8").trim();
  if (existsSync(file("initramfs"))) return;
  const partial = `${file("initramfs")}.partial`;
  const hash = createHash("sha256");
  {
    await using target = await open(partial, "w");
    const put = (bytes: Uint8Array) => {
      hash.update(bytes);
      return target.writeFile(bytes);
    };
    await put(readFileSync(file("head")));
    await using source = await open(system, "r");
    await copy(source, Number(text("size")), put);
    await put(readFileSync(file("tail")));
  }
  if (hash.digest("hex") === text("digest")) return renameSync(partial, file("initramfs"));
  rmSync(partial);
  throw new Error("serve.img is of another build than the system that runs, and one of the same was wanted");
}

async function copy(source: FileHandle, bytes: number, put: (piece: Uint8Array) => Promise<void>) {
  const piece = new Uint8Array(PIECE_BYTES);
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await source.read(piece, 0, Math.min(piece.length, bytes - at), at);
    if (bytesRead === 0) return;
    await put(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
}
