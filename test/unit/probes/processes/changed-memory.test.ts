import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { changedMemoryOf } from "../../../../probes/processes/changed-memory.ts";
import { makeRoot } from "../../../fixtures/root.ts";

const PAGE = 4096;
const PRESENT = 1n << 63n;
const SWAPPED = 1n << 62n;
const SOFT_DIRTY = 1n << 55n;

/** Process 7 with these lines of maps, and these entries of pagemap by number of page. */
function rootWith(maps: string, entries: ReadonlyMap<number, bigint>) {
  const root = makeRoot({ "/proc/7/maps": maps, "/proc/7/stat": "7 (job) S 1 7 7 0\n" });
  const pages = new BigUint64Array(Math.max(0, ...entries.keys()) + 1);
  for (const [page, entry] of entries) pages[page] = entry;
  writeFileSync(`${root.path}/proc/7/pagemap`, pages);
  return root;
}

const at = (page: number) => (page * PAGE).toString(16);
const line = (from: number, to: number, mode: string) => `${at(from)}-${at(to)} ${mode} 00000000 00:00 0\n`;

test("pages count that are marked, there, and in memory that can be written", () => {
  const entries = new Map([
    [2, PRESENT | SOFT_DIRTY],
    [3, SWAPPED | SOFT_DIRTY],
    // Not changed, not there, not writable, in no mapping.
    [4, PRESENT],
    [5, SOFT_DIRTY],
    [12, PRESENT | SOFT_DIRTY],
    [20, PRESENT | SOFT_DIRTY],
    [40_000, PRESENT | SOFT_DIRTY | 0xffffn],
  ]);
  using root = rootWith(line(2, 8, "rw-p") + line(10, 14, "r--p") + line(30, 60_000, "rw-s"), entries);
  expect(changedMemoryOf(root.path, 7)).toBe(3 * PAGE);
});

test("a program with terabytes of addresses is not looked at page by page", () => {
  using root = rootWith(line(1, 2 ** 31, "rw-p"), new Map());
  expect(changedMemoryOf(root.path, 7)).toBe(Number.POSITIVE_INFINITY);
});

test("a process that has ended has changed nothing", () => {
  using root = makeRoot({});
  expect(changedMemoryOf(root.path, 7)).toBe(0);
});
