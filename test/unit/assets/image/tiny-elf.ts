/** Writes ELF files that hold only what the build reads: sections with names. */

export interface TinySection {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Index of the section its strings are in; the first one given is 1. */
  readonly link?: number;
}

const HEADER_SIZE = 64;
const SECTION_SIZE = 64;

/** A 64-bit little-endian ELF of these sections, after the empty one that every ELF begins with. */
export function tinyElf(sections: readonly TinySection[]): Uint8Array {
  const names = `\0${sections.map(({ name }) => `${name}\0`).join("")}.shstrtab\0`;
  const all = [...sections, { name: ".shstrtab", bytes: Buffer.from(names) }];
  const headers = HEADER_SIZE + all.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const file = Buffer.alloc(headers + (all.length + 1) * SECTION_SIZE);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeBigUInt64LE(BigInt(headers), 40);
  file.writeUInt16LE(all.length + 1, 60);
  file.writeUInt16LE(all.length, 62);
  let at = HEADER_SIZE;
  for (const [index, section] of all.entries()) {
    const header = headers + (index + 1) * SECTION_SIZE;
    file.set(section.bytes, at);
    file.writeUInt32LE(names.indexOf(`\0${section.name}\0`) + 1, header);
    file.writeUInt32LE(1, header + 4);
    file.writeBigUInt64LE(BigInt(at), header + 24);
    file.writeBigUInt64LE(BigInt(section.bytes.length), header + 32);
    file.writeUInt32LE(("link" in section ? section.link : undefined) ?? 0, header + 40);
    at += section.bytes.length;
  }
  return file;
}

/** An executable that needs these libraries and names this loader. */
export function tinyExecutable(libraries: readonly string[], loader?: string): Uint8Array {
  const strings = Buffer.from(`\0${libraries.map((name) => `${name}\0`).join("")}`);
  const dynamic = Buffer.alloc((libraries.length + 1) * 16);
  for (const [index, name] of libraries.entries()) {
    dynamic.writeBigInt64LE(1n, index * 16);
    dynamic.writeBigUInt64LE(BigInt(strings.indexOf(`\0${name}\0`) + 1), index * 16 + 8);
  }
  const interp = loader === undefined ? [] : [{ name: ".interp", bytes: Buffer.from(`${loader}\0`) }];
  return tinyElf([
    { name: ".dynstr", bytes: strings },
    { name: ".dynamic", bytes: dynamic, link: 1 },
    ...interp,
  ]);
}
