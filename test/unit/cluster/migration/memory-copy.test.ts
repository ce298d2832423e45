/** How often memory is copied: with a program in place of criu(8) that writes so many megabytes each time. */

import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyMemory } from "../../../../cluster/migration/memory-copy.ts";

const MEGABYTE = 2 ** 20;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "copies-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is changed behind each copy in megabytes; the first copy has 100. Gives the number of copies, and what went over. */
async function copy(changed: readonly number[], fails?: number) {
  const sizes = [100, ...changed];
  const sent: string[] = [];
  const reasons: string[] = [];
  let looks = 0;
  const copies = await copyMemory({
    // A process of more than 8 MiB.
    ...{ pid: process.pid, folder, patience: undefined },
    command: (number) =>
      number === fails
        ? ["sh", "-c", "echo no tracking >&2; exit 1"]
        : ["truncate", "-s", `${sizes[number - 1]}M`, join(folder, `copy-${number}`, "pages-1.img")],
    passage: {
      copy: async (images, name) =>
        void sent.push(`${name} ${statSync(join(images, name, "pages-1.img")).size / MEGABYTE}`),
      refuse: () => {},
    },
    notCopied: (why) => void reasons.push(why),
    changed: () => changed[looks++]! * MEGABYTE,
  });
  return { copies, sent, reasons };
}

test.each([
  ["hardly anything has changed", [3], ["copy-1 100"]],
  ["less and less changes", [30, 12, 5], ["copy-1 100", "copy-2 30", "copy-3 12"]],
  ["it changes as fast as it goes over", [60], ["copy-1 100"]],
  ["it gets no less any more", [40, 30], ["copy-1 100", "copy-2 40"]],
  [
    "there is no end of it",
    [50, 25, 12, 9, 9],
    // The fifth is not due: 9 are more than half of 12.
    ["copy-1 100", "copy-2 50", "copy-3 25", "copy-4 12"],
  ],
])("memory goes over once more where that gets the freeze shorter: %s", async (_, changed, sent) => {
  expect(await copy(changed)).toEqual({ copies: sent.length, sent, reasons: [] });
  // Their content is not kept.
  expect(statSync(join(folder, "copy-1/pages-1.img")).size).toBe(0);
});

test("a later copy that fails makes none of them count: criu may have begun to mark changes anew", async () => {
  expect(await copy([30], 2)).toEqual({ copies: 0, sent: ["copy-1 100"], reasons: ["no tracking"] });
  expect([1, 2].some((number) => existsSync(join(folder, `copy-${number}`)))).toBeFalse();
});
