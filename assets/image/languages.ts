/** Takes the languages out of the runtime that no screen of ours speaks: a node keeps the whole program in memory. */

/** A data package of ICU: MappedData and UDataInfo of icu4c's common/ucmndata.h and unicode/udata.h. */
const PACKAGE_FORMAT = "CmnD";
const AT = { headerSize: 0, magic: 2, format: 12 };
const MAGIC = [0xda, 0x27];
/** After the header come the number of entries and for each two offsets from there: of its name, of its data. */
const COUNT_BYTES = 4;
const ENTRY_BYTES = 8;

/** Where it is otherwise the data is not of the kind we know, and what we took for a language may be anything. */
const NAME = /^icudt\d+l\/[\w./-]+$/;

interface Entry {
  /** As "icudt78l/lang/de.res". */
  readonly name: string;
  readonly nameAt: number;
  readonly dataAt: number;
}

/**
 * Leaves root and English of ICU's data in an executable, whose size stays: what goes becomes zeros, which pack to
 * nothing, and is not listed any more. Returns the bytes that are zeros now. @throws Error where there is no such data,
 * or it is laid out otherwise; then the executable is as it was
 */
export function removeLanguages(executable: Buffer): number {
  const base = findPackage(executable);
  const entries = readEntries(executable, base);
  const kept = entries.filter(({ name }) => !isForeign(name));
  let removed = 0;
  // Where the last one ends is not written anywhere.
  for (const [index, { name, dataAt }] of entries.slice(0, -1).entries()) {
    if (!isForeign(name)) continue;
    const end = entries[index + 1]!.dataAt;
    executable.fill(0, base + dataAt, base + end);
    removed += end - dataAt;
  }
  writeEntries(executable, base, kept, entries.length);
  return removed;
}

/** Where the package's table begins. */
function findPackage(executable: Buffer): number {
  for (
    let at = executable.indexOf(PACKAGE_FORMAT);
    at >= 0;
    at = executable.indexOf(PACKAGE_FORMAT, at + 1)
  ) {
    const header = at - AT.format;
    const hasMagic = MAGIC.every((byte, index) => executable[header + AT.magic + index] === byte);
    if (hasMagic) return header + executable.readUInt16LE(header + AT.headerSize);
  }
  throw new Error("Cannot take languages out of the runtime: it has no data of ICU, which was wanted");
}

/** One after another, as their data is. */
function readEntries(executable: Buffer, base: number): Entry[] {
  const inside = executable.length - base;
  const count = inside < COUNT_BYTES ? 0 : executable.readUInt32LE(base);
  const tableBytes = COUNT_BYTES + count * ENTRY_BYTES;
  if (count === 0 || tableBytes > inside) throw laidOutOtherwise(`its table has ${count} entries`);
  let least = tableBytes;
  return Array.from({ length: count }, (_, index) => {
    const at = base + COUNT_BYTES + index * ENTRY_BYTES;
    const [nameAt, dataAt] = [executable.readUInt32LE(at), executable.readUInt32LE(at + 4)];
    const name = executable.toString("latin1", base + nameAt, executable.indexOf(0, base + nameAt));
    if (!NAME.test(name)) throw laidOutOtherwise(`entry ${index} has no name`);
    if (dataAt < least || dataAt > inside) throw laidOutOtherwise(`${name} is not behind the one before it`);
    least = dataAt + 1;
    return { name, nameAt, dataAt };
  });
}

function laidOutOtherwise(how: string): Error {
  return new Error(
    `Cannot take languages out of the runtime: ${how}, and ICU's data one after another was wanted`,
  );
}

/** The order of names is kept: ICU looks for them by halving. */
function writeEntries(executable: Buffer, base: number, kept: readonly Entry[], before: number): void {
  executable.writeUInt32LE(kept.length, base);
  executable.fill(0, base + COUNT_BYTES, base + COUNT_BYTES + before * ENTRY_BYTES);
  for (const [index, { nameAt, dataAt }] of kept.entries()) {
    const at = base + COUNT_BYTES + index * ENTRY_BYTES;
    executable.writeUInt32LE(nameAt, at);
    executable.writeUInt32LE(dataAt, at + 4);
  }
}

/** Of a language, or a dictionary to find the words of one that is written without spaces. */
function isForeign(name: string): boolean {
  const file = name.slice(name.lastIndexOf("/") + 1);
  if (file.endsWith(".dict")) return true;
  return /^[a-z]{2,3}(_([A-Z0-9_]\w*)?)?\.res$/.test(file) && !/^en(_001|_US(_POSIX)?)?\.res$/.test(file);
}
