import { expect, test } from "bun:test";
import { memoryOf, processorSecondsOf } from "../../../../probes/processes/process.ts";
import { makeRoot } from "../../../fixtures/root.ts";

/** A process with a child, each with 40 MB of files' pages in memory. */
const PROCESSES = {
  "/proc/7/stat": "7 (make) S 1 7 7 0 -1 4194304 0 0 0 0 250 50 900 900",
  "/proc/7/status":
    "VmRSS:\t   41000 kB\nRssAnon:\t     700 kB\nRssFile:\t   40000 kB\nRssShmem:\t     300 kB\n",
  "/proc/7/task/7/children": "8 ",
  "/proc/8/stat": "8 (cc1) R 7 7 7 0 -1 4194304 0 0 0 0 100 0 0 0",
  "/proc/8/status":
    "VmRSS:\t   40005 kB\nRssAnon:\t       5 kB\nRssFile:\t   40000 kB\nRssShmem:\t       0 kB\n",
  "/proc/8/task/8/children": "",
};

test("processorSecondsOf() adds what a process and its children have used", () => {
  using root = makeRoot(PROCESSES);
  expect(processorSecondsOf(root.path, 7)).toBe(4);
  expect(processorSecondsOf(root.path, 8)).toBe(1);
  expect(processorSecondsOf(root.path, 9)).toBe(0);
});

test("memoryOf() adds what a process and its children have in memory, with the pages of files or without", () => {
  using root = makeRoot(PROCESSES);
  expect(memoryOf(root.path, 7)).toBe(81_005 * 1024);
  expect(memoryOf(root.path, 7, "ownMemory")).toBe(1_005 * 1024);
});
