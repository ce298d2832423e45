/** Which memory a process has changed, as the kernel marks it: Documentation/admin-guide/mm/soft-dirty.rst, pagemap.rst. */

import { closeSync, openSync, readSync } from "node:fs";
import { readOptional } from "../../system/files.ts";
import { treeOf } from "./process.ts";

const PAGE_BYTES = 4096;
/** An entry of /proc/PID/pagemap, of which the upper half counts. */
const ENTRY_BYTES = 8;
const SOFT_DIRTY = 1 << 23;
/** Bits 63 and 62: the page is in memory, or on the swap space. */
const IS_THERE = 0xc0000000;
const PIECE_ENTRIES = 2 ** 15;
/** 8 GiB, whose entries take some 20 ms; a program that reserves terabytes would hold this one for hours. */
const MOST_PAGES = 2 ** 21;
/** proc(5): "7f0000000000-7f0000021000 rw-p ..."; memory that is read only does not change. */
const WRITABLE = /^([0-9a-f]+)-([0-9a-f]+) .w/gm;

/**
 * The bytes that a process and all that descend from it have changed since the marks were cleared, as criu(8) does at each
 * copy; 0 on a kernel without marks, and infinity where a process has more than 8 GiB of addresses that it may write to.
 */
export function changedMemoryOf(root: string, pid: number): number {
  return treeOf(root, pid).reduce((sum, each) => sum + changedBy(root, each), 0);
}

function changedBy(root: string, pid: number): number {
  const maps = readOptional(`${root}/proc/${pid}/maps`);
  if (!maps) return 0;
  const ranges = [...maps.matchAll(WRITABLE)].map(rangeOf);
  if (ranges.reduce((sum, { from, to }) => sum + to - from, 0) > MOST_PAGES) return Number.POSITIVE_INFINITY;
  let file: number;
  try {
    file = openSync(`${root}/proc/${pid}/pagemap`, "r");
  } catch {
    // It has ended.
    return 0;
  }
  try {
    return PAGE_BYTES * ranges.reduce((sum, range) => sum + markedPages(file, range), 0);
  } finally {
    closeSync(file);
  }
}

/** Numbers of pages, the last excluded. */
interface Range {
  readonly from: number;
  readonly to: number;
}

function rangeOf([, from = "", to = ""]: RegExpExecArray): Range {
  return { from: Number.parseInt(from, 16) / PAGE_BYTES, to: Number.parseInt(to, 16) / PAGE_BYTES };
}

function markedPages(file: number, { from, to }: Range): number {
  const piece = new Uint32Array(2 * PIECE_ENTRIES);
  let marked = 0;
  for (let page = from; page < to; ) {
    const wanted = Math.min(PIECE_ENTRIES, to - page) * ENTRY_BYTES;
    const read = readSync(file, piece, 0, wanted, page * ENTRY_BYTES);
    const entries = Math.floor(read / ENTRY_BYTES);
    if (entries === 0) return marked;
    for (let entry = 0; entry < entries; entry++) {
      const upper = piece[2 * entry + 1]!;
      if ((upper & SOFT_DIRTY) !== 0 && (upper & IS_THERE) !== 0) marked += 1;
    }
    page += entries;
  }
  return marked;
}
