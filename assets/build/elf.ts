/** The little of ELF (elf(5), 64-bit little-endian) that a build must read. */

export interface Section {
  readonly name: string;
  /** SHF_… of elf(5). */
  readonly flags: number;
  readonly address: number;
  /** Where the file has it. */
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly bytes: Uint8Array;
}

const MAGIC = 0x464c457f;
const SECTION_HEADER_SIZE = 64;
const SECTION_WITHOUT_BYTES = 8;
const DYNAMIC_NEEDED = 1n;

export function isElf(bytes: Uint8Array): boolean {
  return bytes.length >= 64 && view(bytes).getUint32(0, true) === MAGIC && bytes[4] === 2 && bytes[5] === 1;
}

/** The names in DT_NEEDED, as "libc.so.6". */
export function neededLibraries(bytes: Uint8Array): string[] {
  const sections = sectionsOf(bytes);
  const dynamic = sections.find((section) => section.name === ".dynamic");
  if (dynamic === undefined) return [];
  const strings = sections[dynamic.link]?.bytes ?? new Uint8Array();
  const entries = view(dynamic.bytes);
  const names: string[] = [];
  for (let at = 0; at + 16 <= entries.byteLength; at += 16) {
    if (entries.getBigInt64(at, true) === DYNAMIC_NEEDED) {
      names.push(stringAt(strings, Number(entries.getBigUint64(at + 8, true))));
    }
  }
  return names;
}

/** The loader an executable names, as "/lib64/ld-linux-x86-64.so.2". */
export function interpreter(bytes: Uint8Array): string | undefined {
  const section = sectionsOf(bytes).find(({ name }) => name === ".interp");
  return section === undefined ? undefined : stringAt(section.bytes, 0);
}

/** The values of one key of a kernel module's `.modinfo` section, as "firmware" or "depends". */
export function modinfo(bytes: Uint8Array, key: string): string[] {
  const section = sectionsOf(bytes).find(({ name }) => name === ".modinfo");
  if (section === undefined) return [];
  const pairs = new TextDecoder("latin1").decode(section.bytes).split("\0");
  return pairs.filter((pair) => pair.startsWith(`${key}=`)).map((pair) => pair.slice(key.length + 1));
}

/** The sections of a file. @throws RangeError where the file is no ELF or is cut short */
export function sectionsOf(bytes: Uint8Array): Section[] {
  if (!isElf(bytes)) throw new RangeError("Cannot read an ELF file: it does not begin as a 64-bit one");
  const header = view(bytes);
  const offset = Number(header.getBigUint64(40, true));
  const count = header.getUint16(60, true);
  const namesIndex = header.getUint16(62, true);
  if (offset + count * SECTION_HEADER_SIZE > bytes.length) {
    throw new RangeError("Cannot read an ELF file: its section headers lie beyond its end");
  }
  const raw = Array.from({ length: count }, (_, index) => {
    const at = offset + index * SECTION_HEADER_SIZE;
    const field = (offset: number) => Number(header.getBigUint64(at + offset, true));
    const [start, size] = [field(24), field(32)];
    const empty = header.getUint32(at + 4, true) === SECTION_WITHOUT_BYTES;
    return {
      name: header.getUint32(at, true),
      ...{ flags: field(8), address: field(16), offset: start, size },
      link: header.getUint32(at + 40, true),
      bytes: empty ? new Uint8Array() : bytes.subarray(start, start + size),
    };
  });
  const names = raw[namesIndex]?.bytes ?? new Uint8Array();
  return raw.map((section) => ({ ...section, name: stringAt(names, section.name) }));
}

function stringAt(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(0, start);
  return new TextDecoder("latin1").decode(bytes.subarray(start, end < 0 ? bytes.length : end));
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
