/** The font of a virtual console as the kernel's structs have it, and blocks drawn into it. */

/** Of linux/kd.h: console_font_op, with its pointer at byte 24. */
const FONT_OP_BYTES = 32;
const DATA_AT = 24;
const FONT_OPS = { set: 0, get: 1 } as const;
/** No console has more or larger glyphs; each takes 32 rows of memory, whatever its height. */
const MOST_GLYPHS = 512;
const MOST_PIXELS = 32;

export interface FontShape {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** How many glyphs there are. */
  readonly count: number;
}

/** Room for any font. */
export const ANY_FONT: FontShape = { width: MOST_PIXELS, height: MOST_PIXELS, count: MOST_GLYPHS };

/** Bytes of the glyphs of such a font. */
export function fontBytes({ width, count }: FontShape): number {
  return Math.ceil(width / 8) * MOST_PIXELS * count;
}

/** struct console_font_op for KDFONTOP; `data` is the address of the glyphs. */
export function encodeFontOp(
  op: keyof typeof FONT_OPS,
  { width, height, count }: FontShape,
  data: number,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(FONT_OP_BYTES));
  for (const [index, word] of [FONT_OPS[op], 0, width, height, count].entries())
    view.setUint32(4 * index, word, true);
  view.setBigUint64(DATA_AT, BigInt(data), true);
  return new Uint8Array(view.buffer);
}

/** What the kernel has written there. */
export function decodeFontOp(bytes: Uint8Array): FontShape {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    width: view.getUint32(8, true),
    height: view.getUint32(12, true),
    count: view.getUint32(16, true),
  };
}

/** Makes a glyph a block that fills the cell from below up to this share of its height. */
export function drawBlock(
  glyphs: Uint8Array,
  { width, height }: FontShape,
  { place, filled }: { readonly place: number; readonly filled: number },
): void {
  const row = Math.ceil(width / 8);
  const begin = place * row * MOST_PIXELS;
  const first = height - Math.round(filled * height);
  glyphs.fill(0, begin, begin + row * height);
  glyphs.fill(0xff, begin + row * first, begin + row * height);
}

/** struct unipair for each character: which glyph shows it. */
export function encodeUnicodePairs(pairs: readonly { character: string; place: number }[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * pairs.length));
  for (const [index, { character, place }] of pairs.entries()) {
    view.setUint16(4 * index, character.charCodeAt(0), true);
    view.setUint16(4 * index + 2, place, true);
  }
  return new Uint8Array(view.buffer);
}

/** struct unimapdesc for PIO_UNIMAP; `data` is the address of the pairs. */
export function encodeUnicodeMap(count: number, data: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint16(0, count, true);
  view.setBigUint64(8, BigInt(data), true);
  return new Uint8Array(view.buffer);
}
