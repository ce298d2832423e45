import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLoadMeter } from "../../../cluster/daemon/own-load.ts";
import { MovesFile, parseMoves, writeMoves } from "../../../cluster/moves-report.ts";
import { makeReport } from "./moves.ts";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "clump-moves-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the report on moves", () => {
  test("is read as it was written, and again once it has changed", () => {
    const file = new MovesFile(root);
    expect(file.read()).toBeUndefined();
    const report = makeReport();
    writeMoves(root, JSON.stringify(report));
    expect(file.read()).toEqual(report);
    expect(file.read()).toBe(file.read());
    writeMoves(root, JSON.stringify({ ...report, stays: [] }));
    expect(file.read()?.stays).toEqual([]);
  });

  test("gives the gossip the guests of this node, and its processes that are away", () => {
    writeMoves(root, JSON.stringify(makeReport()));
    // A process that leaves or arrives is neither.
    expect(createLoadMeter(root)(1)).toMatchObject({ guests: 1, away: 2 });
  });

  test.each([
    "",
    "{",
    "null",
    "[]",
    JSON.stringify({ ...makeReport(), jobs: [{}] }),
    JSON.stringify({ ...makeReport(), jobs: [{ ...makeReport().jobs[0], kind: "lost" }] }),
    JSON.stringify({ ...makeReport(), counts: {} }),
    JSON.stringify({
      ...makeReport(),
      counts: { ...makeReport().counts, freezes: { buckets: [], sum: 0, count: 0 } },
    }),
  ])("is none: %s", (text) => {
    expect(parseMoves(text)).toBeUndefined();
  });
});
