/**
 * Lays the pages of a program that a start reads side by side, in a file of their own (elf(5), 64-bit, fixed addresses). No
 * address changes: before the program's own code, a few instructions map each run of pages from that file over its old
 * place. Program headers could not say that: they speak of one file, and the kernel takes 73 of them for 530 runs.
 */

import { type Section, sectionsOf } from "./elf.ts";
import { CODE_BYTES, ENTRY_BYTES, type Mapping, mappingCode } from "./mapping-code.ts";

export const PAGE_BYTES = 4_096;

/** Pages of memory by their numbers, which are addresses / 4,096. */
export interface Run {
  readonly begin: number;
  /** The first page behind the run. */
  readonly end: number;
}

/** The section that holds our own modules: the text of each, and its bytecode. */
export const OWN_MODULES = ".bun";

/** What is large; neither the kernel nor ld.so(8) reads or writes such a section before the program's own code runs. */
export const MOVABLE = [".text", ".rodata", ".bun_builtins", OWN_MODULES];

/** Offsets in the ELF header, and in a program header. */
const HEADER = { entry: 24, segments: 32, sections: 40, segmentCount: 56, sectionCount: 60, bytes: 64 };
const SEGMENT = { flags: 4, offset: 8, address: 16, fileBytes: 32, memoryBytes: 40, align: 48, bytes: 56 };
const SECTION = { offset: 24, bytes: 64 };
const TYPE = { load: 1, self: 6 };
const READ_AND_EXECUTE = 5;
/** SHF_WRITE and SHF_EXECINSTR, and the protections of mmap(2). */
const WRITABLE = 1;
const EXECUTABLE = 4;
const PROTECTION = { read: 1, readAndWrite: 3, readAndExecute: 5 };

/** In the page of the headers, behind them. */
const CODE_AT = 1_024;

export interface LaidOut {
  /** Runs only where `pages` lies at the path that it was laid out for. */
  readonly program: Buffer;
  readonly pages: Buffer;
}

/**
 * The program without the pages of `runs`, as far as they can move, and these pages, which are to lie at `path` on the
 * machine. @throws RangeError where the program is no ELF file with fixed addresses
 */
export function layOutPages(program: Buffer, runs: readonly Run[], path: string): LaidOut {
  const hot = sectionsOf(program)
    .filter(({ name }) => MOVABLE.includes(name))
    .flatMap((section) => runs.flatMap((run) => partOf(section, run)));
  const headBytes = roundUp(CODE_AT + CODE_BYTES + (hot.length + 1) * ENTRY_BYTES, PAGE_BYTES);
  const bytes = Buffer.concat([Buffer.alloc(headBytes), program]);
  const pages: Buffer[] = [];
  const mappings: Mapping[] = [];
  let from = 0;
  for (const { begin, end, offset, protection } of hot) {
    const size = (end - begin) * PAGE_BYTES;
    pages.push(program.subarray(offset, offset + size));
    // Nothing maps the original any more, and zeros pack to nothing.
    bytes.fill(0, headBytes + offset, headBytes + offset + size);
    mappings.push({ page: begin, pages: end - begin, protection, from });
    from += end - begin;
  }
  const address = placeOfHead(program, headBytes);
  writeHeaders(bytes, { program, headBytes, address });
  const entry = Number(program.readBigUInt64LE(HEADER.entry));
  mappingCode({ address: address + CODE_AT, entry, path, mappings }).copy(bytes, CODE_AT);
  return { program: bytes, pages: Buffer.concat(pages) };
}

/** The whole pages of a section in a run; the first and the last may be those of its neighbours too. */
function partOf({ address, offset, size, flags }: Section, run: Run) {
  const begin = Math.max(run.begin, Math.ceil(address / PAGE_BYTES));
  const end = Math.min(run.end, Math.floor((address + size) / PAGE_BYTES));
  const protection = protectionOf(flags);
  return begin < end ? [{ begin, end, offset: begin * PAGE_BYTES - address + offset, protection }] : [];
}

/** The file is mapped privately: what a process writes is its own. */
function protectionOf(flags: number): number {
  if (flags & EXECUTABLE) return PROTECTION.readAndExecute;
  return flags & WRITABLE ? PROTECTION.readAndWrite : PROTECTION.read;
}

/** All pages of a section; none where the program has no such section. */
export function pagesOf(program: Uint8Array, name: string): Run[] {
  const sections = sectionsOf(program).filter((section) => section.name === name);
  return sections.map(({ address, size }) => ({
    begin: Math.floor(address / PAGE_BYTES),
    end: Math.ceil((address + size) / PAGE_BYTES),
  }));
}

/** The address of the new headers, right below the program. */
function placeOfHead(program: Buffer, headBytes: number): number {
  const addresses = segmentOffsets(program)
    .filter((at) => program.readUInt32LE(at) === TYPE.load)
    .map((at) => Number(program.readBigUInt64LE(at + SEGMENT.address)));
  const place = Math.floor(Math.min(...addresses) / PAGE_BYTES) * PAGE_BYTES - headBytes;
  if (place > 0 && place !== Infinity) return place;
  throw new RangeError("Cannot lay out the pages of a program: it has no fixed addresses, which were wanted");
}

function segmentOffsets(bytes: Buffer): number[] {
  const start = Number(bytes.readBigUInt64LE(HEADER.segments));
  const count = bytes.readUInt16LE(HEADER.segmentCount);
  return Array.from({ length: count }, (_, index) => start + index * SEGMENT.bytes);
}

/** The original's headers at the new beginning, with a segment more, which holds them and the code behind them. */
function writeHeaders(
  bytes: Buffer,
  head: { readonly program: Buffer; readonly headBytes: number; readonly address: number },
): void {
  const { program, headBytes, address } = head;
  const segments = segmentOffsets(program).map((at) => Buffer.from(program.subarray(at, at + SEGMENT.bytes)));
  const tableBytes = (segments.length + 1) * SEGMENT.bytes;
  for (const segment of segments) {
    if (segment.readUInt32LE(0) === TYPE.self)
      place(segment, { offset: HEADER.bytes, address: address + HEADER.bytes, size: tableBytes });
    else addTo(segment, SEGMENT.offset, headBytes);
  }
  const own = Buffer.alloc(SEGMENT.bytes);
  own.writeUInt32LE(TYPE.load, 0);
  own.writeUInt32LE(READ_AND_EXECUTE, SEGMENT.flags);
  own.writeBigUInt64LE(BigInt(PAGE_BYTES), SEGMENT.align);
  place(own, { offset: 0, address, size: headBytes });
  // Segments that are loaded stand in the order of their addresses.
  const first = segments.findIndex((segment) => segment.readUInt32LE(0) === TYPE.load);
  const table = Buffer.concat(segments.toSpliced(first, 0, own));
  program.copy(bytes, 0, 0, HEADER.bytes);
  table.copy(bytes, HEADER.bytes);
  bytes.writeBigUInt64LE(BigInt(address + CODE_AT), HEADER.entry);
  bytes.writeBigUInt64LE(BigInt(HEADER.bytes), HEADER.segments);
  bytes.writeUInt16LE(segments.length + 1, HEADER.segmentCount);
  addTo(bytes, HEADER.sections, headBytes);
  const sections = Number(bytes.readBigUInt64LE(HEADER.sections));
  for (let index = 0; index < bytes.readUInt16LE(HEADER.sectionCount); index++)
    addTo(bytes, sections + index * SECTION.bytes + SECTION.offset, headBytes);
}

function place(
  segment: Buffer,
  at: { readonly offset: number; readonly address: number; readonly size: number },
): void {
  segment.writeBigUInt64LE(BigInt(at.offset), SEGMENT.offset);
  // The virtual address, and the physical one behind it, which nothing reads.
  for (const field of [0, 8]) segment.writeBigUInt64LE(BigInt(at.address), SEGMENT.address + field);
  for (const field of [SEGMENT.fileBytes, SEGMENT.memoryBytes])
    segment.writeBigUInt64LE(BigInt(at.size), field);
}

function addTo(bytes: Buffer, field: number, more: number): void {
  bytes.writeBigUInt64LE(bytes.readBigUInt64LE(field) + BigInt(more), field);
}

function roundUp(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}
