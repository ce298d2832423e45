/** Pictures of an X screen, as xwd(1) writes them; X11/XWDFile.h. */

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** How many pixels have each colour, "rrggbb". */
  readonly colours: ReadonlyMap<string, number>;
  /** The colour of one pixel, "rrggbb". */
  at(x: number, y: number): string;
}

/** Words of the header, each of four bytes, the most significant first. */
const WORD = {
  headerSize: 0,
  width: 4,
  height: 5,
  byteOrder: 7,
  bitsPerPixel: 11,
  lineBytes: 12,
  colours: 19,
};
/** Of each entry of the colour map, which follows the header. */
const COLOUR_BYTES = 12;

/** @throws RangeError where the pixels are not of 32 bits, blue first */
export function decodeXwd(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (index: number) => view.getUint32(4 * index);
  if (word(WORD.bitsPerPixel) !== 32 || word(WORD.byteOrder) !== 0)
    throw new RangeError(
      "Cannot read the picture: pixels of 32 bits, the least significant first, were wanted",
    );
  const [width, height] = [word(WORD.width), word(WORD.height)];
  const start = word(WORD.headerSize) + COLOUR_BYTES * word(WORD.colours);
  const at = (x: number, y: number) =>
    (view.getUint32(start + y * word(WORD.lineBytes) + 4 * x, true) & 0xffffff).toString(16).padStart(6, "0");
  const colours = new Map<string, number>();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) colours.set(at(x, y), (colours.get(at(x, y)) ?? 0) + 1);
  }
  return { width, height, colours, at };
}
