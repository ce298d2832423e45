/** The real `Consoles`: virtual consoles by ioctl_console(2), serial lines by ioctl_tty(2). */

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
import type { BlockGlyph, Consoles } from "./kernel.ts";
import { address, call } from "./libc.ts";

/** linux/kd.h */
const KDFONTOP = 0x4b72;
const PIO_UNIMAP = 0x4b67;

const TIOCLINUX = 0x541c;
const GET_SHIFT_STATE = 6;
const SHIFT_BIT = 1;
/** struct serial_struct of linux/serial.h */
const TIOCGSERIAL = 0x541e;
const TIOCSSERIAL = 0x541f;
const SERIAL_STRUCT_BYTES = 72;
const CLOSING_WAIT_AT = 40;

export const linuxConsoles: Consoles = { shiftHeld, addBlocks, limitDrain };

function shiftHeld(): boolean {
  const fd = openSync("/dev/tty0", "r");
  try {
    const state = Uint8Array.of(GET_SHIFT_STATE);
    call("ioctl", "read the state of the Shift keys", fd, TIOCLINUX, state);
    return (state[0]! & SHIFT_BIT) !== 0;
  } finally {
    closeSync(fd);
  }
}

/** Reads the font, draws the blocks into it, writes it back, and says which characters they show. */
function addBlocks(path: string, blocks: readonly BlockGlyph[]): void {
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

function limitDrain(path: string, seconds: number): void {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    const line = new Uint8Array(SERIAL_STRUCT_BYTES);
    call("ioctl", `read the settings of ${path}`, fd, TIOCGSERIAL, line);
    new DataView(line.buffer).setUint16(CLOSING_WAIT_AT, 100 * seconds, true);
    call("ioctl", `set up ${path}`, fd, TIOCSSERIAL, line);
  } finally {
    closeSync(fd);
  }
}
