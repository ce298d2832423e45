/** The part of a file that a request of HTTP asks for (RFC 9110, section 14). */

/** Offsets in a file; the last byte belongs to the part. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Reads the field Range: undefined for the whole file, as for a range of more than one part, which a server may ignore. */
export function parseByteRange(field: string | undefined, size: number): ByteRange | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(field ?? "") ?? [];
  if (from === undefined || to === undefined || from + to === "" || size === 0) return undefined;
  const first = from === "" ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return first <= last ? { first, last } : undefined;
}
