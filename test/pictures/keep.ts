/** Keeps a picture for the documents. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Qmp } from "../../assets/qemu/qmp.ts";
import type { Picture } from "../lib/xwd.ts";

/** The folder of the pictures. */
export const PICTURES = join(import.meta.dir, "../../docs/pictures");

/** Fewer would mix the sixteen colours of a text screen. */
const SCREEN_COLOURS = 256;

/** Writes a picture, as PNG or BMP, into the documents: as PNG with a palette. */
export async function keep(name: string, image: Uint8Array, colours: number): Promise<void> {
  const bytes = await new Bun.Image(image).png({ palette: true, colors: colours }).bytes();
  await Bun.write(join(PICTURES, name), bytes);
  console.log(`${name}: ${bytes.length} bytes`);
}

/** The VGA screen of a virtual machine. */
export async function keepScreen(qmp: Qmp, name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "clump-picture-"));
  try {
    const filename = join(folder, name);
    await qmp.execute("screendump", { filename, format: "png" });
    await keep(name, await Bun.file(filename).bytes(), SCREEN_COLOURS);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** BITMAPFILEHEADER and BITMAPINFOHEADER. */
const BMP_HEADER_BYTES = 54;

/** The left upper part of a picture of X, as a BMP of 32 bits, its rows from above. */
export function bitmap({ at }: Picture, width: number, height: number): Uint8Array {
  const bytes = Buffer.alloc(BMP_HEADER_BYTES + 4 * width * height);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(BMP_HEADER_BYTES, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(-height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(32, 28);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      bytes.writeUInt32LE(
        (0xff000000 | Number.parseInt(at(x, y), 16)) >>> 0,
        BMP_HEADER_BYTES + 4 * (y * width + x),
      );
  return bytes;
}
