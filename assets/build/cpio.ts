/** The newc format of cpio archives, written entry by entry (Documentation/driver-api/early-userspace/buffer-format.rst). */

export type CpioEntry = {
  /** The path, without a leading slash. */
  readonly path: string;
  /** Permission bits, as 0o755. */
  readonly mode: number;
} & (
  | { readonly type: "file"; readonly bytes: Uint8Array }
  | { readonly type: "link"; readonly target: string }
  | { readonly type: "directory" }
  | { readonly type: "character" | "block"; readonly major: number; readonly minor: number }
);

/** File types of inode(7). */
const TYPES = { file: 0o100000, link: 0o120000, directory: 0o040000, character: 0o020000, block: 0o060000 };

const TRAILER = "TRAILER!!!";

/**
 * Encodes a whole archive, sorted by path and owned by root, with the time `modified` (seconds) for every file: equal
 * entries give equal bytes.
 */
export function encodeCpio(entries: readonly CpioEntry[], modified = 0): Uint8Array {
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const parts = sorted.flatMap((entry, index) => encodeEntry(entry, index + 1, modified));
  parts.push(...record(TRAILER, [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], new Uint8Array()));
  return Buffer.concat(parts);
}

function encodeEntry(entry: CpioEntry, inode: number, modified: number): Uint8Array[] {
  const device = entry.type === "character" || entry.type === "block";
  const [major, minor] = device ? [entry.major, entry.minor] : [0, 0];
  const links = entry.type === "directory" ? 2 : 1;
  const data = dataOf(entry);
  const mode = TYPES[entry.type] | entry.mode;
  const fields = [inode, mode, 0, 0, links, modified, data.length, 0, 0, major, minor];
  return record(entry.path, fields, data);
}

function dataOf(entry: CpioEntry): Uint8Array {
  if (entry.type === "file") return entry.bytes;
  return entry.type === "link" ? Buffer.from(entry.target) : new Uint8Array();
}

/** Header, name and data; name and data each end on a multiple of four bytes. */
function record(path: string, fields: readonly number[], data: Uint8Array): Uint8Array[] {
  const name = Buffer.from(`${path}\0`);
  const numbers = [...fields, name.length, 0].map((field) => field.toString(16).padStart(8, "0"));
  const head = Buffer.concat([Buffer.from(`070701${numbers.join("")}`), name]);
  return [head, padding(head.length), data, padding(data.length)];
}

function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}

/** Offsets of the fields of a header that a reader needs, each of eight hexadecimal digits. */
const FIELDS = { fileSize: 54, nameSize: 94, end: 110 };

/** The range of a file's bytes in an archive. @throws Error where the archive has no such file */
export function findFile(
  archive: Uint8Array,
  path: string,
): { readonly begin: number; readonly end: number } {
  const text = (from: number, to: number) => Buffer.from(archive.subarray(from, to)).toString("latin1");
  const upToFour = (offset: number) => Math.ceil(offset / 4) * 4;
  for (let at = 0; text(at, at + 6) === "070701"; ) {
    const field = (offset: number) => Number.parseInt(text(at + offset, at + offset + 8), 16);
    const nameEnd = at + FIELDS.end + field(FIELDS.nameSize);
    const begin = upToFour(nameEnd);
    const end = begin + field(FIELDS.fileSize);
    if (text(at + FIELDS.end, nameEnd - 1) === path) return { begin, end };
    at = upToFour(end);
  }
  throw new Error(`Cannot find ${path}: the archive has no such file`);
}
