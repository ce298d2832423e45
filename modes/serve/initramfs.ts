/** The initramfs of this node, joined from what is packed in memory, and of all the rest, which the medium has. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { SERVE_FILES } from "./serve-files.ts";

export interface InitramfsInputs {
  /** The folder of the boot server (SERVE_FOLDER). */
  readonly folder: string;
  /** The block device with the packed system, which is mounted on /usr. */
  readonly system: string;
  /** The block device or file with the packed rare drivers; absent where they have left memory. */
  readonly rareDrivers: string | undefined;
}

const PIECE_BYTES = 2 ** 20;

/**
 * Writes the initramfs among the served files, unless it exists.
 * @throws Error where the parts are of another build
 */
export async function writeInitramfs({ folder, system, rareDrivers }: InitramfsInputs): Promise<void> {
  const file = (name: keyof typeof SERVE_FILES) => join(folder, SERVE_FILES[name]);
  if (existsSync(file("initramfs"))) return;
  if (rareDrivers === undefined)
    throw new Error(
      "this node has given back its rare drivers, and a node that starts with clump.serve was wanted",
    );
  const text = (name: "size" | "digest") => readFileSync(file(name), "utf8").trim();
  const [systemBytes, driverBytes] = text("size").split("\n").map(Number);
  const partial = `${file("initramfs")}.partial`;
  const hash = createHash("sha256");
  {
    await using target = await open(partial, "w");
    const put = (bytes: Uint8Array) => {
      hash.update(bytes);
      return target.writeFile(bytes);
    };
    await put(readFileSync(file("head")));
    await copy(system, systemBytes ?? 0, put);
    await put(readFileSync(file("middle")));
    await copy(rareDrivers, driverBytes ?? 0, put);
    await put(readFileSync(file("tail")));
  }
  if (hash.digest("hex") === text("digest")) return renameSync(partial, file("initramfs"));
  rmSync(partial);
  throw new Error("serve.img is of another build than the system that runs, and one of the same was wanted");
}

async function copy(path: string, bytes: number, put: (piece: Uint8Array) => Promise<void>) {
  await using source = await open(path, "r");
  const piece = new Uint8Array(PIECE_BYTES);
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await source.read(piece, 0, Math.min(piece.length, bytes - at), at);
    if (bytesRead === 0) return;
    await put(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
}
