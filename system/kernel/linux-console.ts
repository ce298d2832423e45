/** What the real kernel does with its virtual consoles, ioctl_console(2). */

import { closeSync, constants, openSync } from "node:fs";
import {
  ANY_FONT,
  decodeFontOp,
  drawBlock,
  encodeFontOp,
  encodeUnicodeMap,
  encodeUnicodePairs,
  fontBytes,
} from "./console-font.ts";
import type { BlockGlyph } from "./kernel.ts";
import { address, call } from "./libc.ts";

/** linux/kd.h */
const KDFONTOP = 0x4b72;
const PIO_UNIMAP = 0x4b67;

/** Reads the font, draws the blocks into it, writes it back, and says which characters they show. */
export function addBlocks(path: string, blocks: readonly BlockGlyph[]): void {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    const glyphs = new Uint8Array(fontBytes(ANY_FONT));
    const data = address(glyphs)!;
    const asked = encodeFontOp("get", ANY_FONT, data);
    call("ioctl", `read the font of ${path}`, fd, KDFONTOP, asked);
    const shape = decodeFontOp(asked);
    for (const block of blocks) drawBlock(glyphs, shape, block);
    call("ioctl", `write the font of ${path}`, fd, KDFONTOP, encodeFontOp("set", shape, data));
    const pairs = encodeUnicodePairs(blocks);
    const map = encodeUnicodeMap(blocks.length, address(pairs)!);
    call("ioctl", `name the glyphs of ${path}`, fd, PIO_UNIMAP, map);
  } finally {
    closeSync(fd);
  }
}
