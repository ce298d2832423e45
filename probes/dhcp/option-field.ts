/**
 * The options of a DHCP packet as code and bytes: their layout alone, no meaning (RFC 2132 section 2, RFC
 * 3396).
 */

import { DhcpPacketError } from "./packet-error.ts";

export type RawOptions = ReadonlyMap<number, Uint8Array>;

const PAD = 0;
const END = 255;
const OVERLOAD = 52;
const LONGEST_PIECE = 255;

/**
 * Reads the options field and, where option 52 says so, `file` and `sname`, in the order of RFC 3396, section
 * 5. An option that comes in pieces is one value (section 7). @throws DhcpPacketError
 */
export function decodeOptions(fields: {
  readonly options: Uint8Array;
  readonly file: Uint8Array;
  readonly sname: Uint8Array;
}): RawOptions {
  const pieces = new Map<number, Uint8Array[]>();
  collectPieces(fields.options, pieces);
  const overload = readOverload(pieces.get(OVERLOAD));
  if ((overload & 1) !== 0) collectPieces(fields.file, pieces);
  if ((overload & 2) !== 0) collectPieces(fields.sname, pieces);
  return new Map([...pieces].map(([code, parts]) => [code, Bun.concatArrayBuffers(parts, Infinity, true)]));
}

/** Writes options in their order, an END after them; a value of more than 255 bytes in pieces (RFC 3396). */
export function encodeOptions(options: RawOptions): Uint8Array {
  const bytes: number[] = [];
  for (const [code, value] of options) {
    for (let at = 0; at === 0 || at < value.length; at += LONGEST_PIECE) {
      const piece = value.subarray(at, at + LONGEST_PIECE);
      bytes.push(code, piece.length, ...piece);
    }
  }
  return Uint8Array.from([...bytes, END]);
}

/** Stops at END; its absence is forgiven where the last option ends with the field. */
function collectPieces(field: Uint8Array, pieces: Map<number, Uint8Array[]>): void {
  let at = 0;
  while (at < field.length) {
    const code = field[at++];
    if (code === PAD) continue;
    if (code === undefined || code === END) return;
    const length = field[at++];
    if (length === undefined || at + length > field.length) {
      throw new DhcpPacketError(`Cannot read option ${code}: it runs over the end of its field`);
    }
    const parts = pieces.get(code) ?? [];
    parts.push(field.subarray(at, at + length));
    pieces.set(code, parts);
    at += length;
  }
}

/** 1: `file` holds options, 2: `sname`, 3: both (RFC 2132, section 9.3). */
function readOverload(pieces: readonly Uint8Array[] | undefined): number {
  if (pieces === undefined) return 0;
  const value = pieces[0]?.[0];
  if (pieces.length !== 1 || pieces[0]?.length !== 1 || value === undefined || value < 1 || value > 3) {
    throw new DhcpPacketError("Cannot read option 52 (overload): wanted one byte from 1 to 3");
  }
  return value;
}
