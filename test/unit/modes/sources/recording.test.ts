import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterView } from "../../../../cluster/view.ts";
import { Demo } from "../../../../modes/sources/demo.ts";
import { parseFrame, takeFrame } from "../../../../modes/sources/frame.ts";
import { Recording } from "../../../../modes/sources/recording.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recording-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(...lines: readonly string[]): string {
  const path = join(folder, "cluster.jsonl");
  writeFileSync(path, lines.join("\n"));
  return path;
}

test("Recording shows one frame after the other, and stays at the last", async () => {
  const demo = new Demo(3);
  const frames = [await takeFrame(demo), await takeFrame(demo), await takeFrame(demo)];
  const [first = "", second = "", third = ""] = frames.map((frame) => JSON.stringify(frame));
  // A node that died while it wrote leaves half a line.
  const source = new Recording(
    write(first, second.slice(0, 99), "", "[]", second, third, third.slice(0, 50)),
  );
  const seen: number[] = [];
  for (let second_ = 0; second_ < 5; second_++) {
    seen.push((await source.sample()).uptime);
    expect(source.cluster()).toEqual(frames[Math.min(second_, 2)]!.cluster!);
  }
  expect(seen).toEqual([3_601, 3_602, 3_603, 3_603, 3_603]);
  expect(source.status()).toEqual(frames[0]!.status!);
  expect(source.origin).toBe("recorded, its end");
});

test("Recording says how far it is", async () => {
  const line = JSON.stringify(await takeFrame(new Demo(1)));
  expect(new Recording(write(line, line, line, line, "")).origin).toBe("recorded, 25 %");
});

test.each([
  ["no JSON", "{"],
  ["no object", "3"],
  ["no sample", "{}"],
  ["a sample without numbers", '{"sample":{"load":"1"}}'],
  [
    "a status that is none",
    '{"sample":{"load":1,"cpus":1,"memoryUsed":1,"memoryTotal":1,"uptime":1},"status":{}}',
  ],
  [
    "a view that is none",
    '{"sample":{"load":1,"cpus":1,"memoryUsed":1,"memoryTotal":1,"uptime":1},"cluster":{}}',
  ],
])("parseFrame() refuses %s", (_, line) => {
  expect(parseFrame(line)).toBeUndefined();
});

test.each<[string, (cluster: ClusterView) => unknown]>([
  ["a state that is none", ({ nodes }) => ({ nodes: nodes.map((node) => ({ ...node, state: "asleep" })) })],
  ["a problem that is no sentence", () => ({ problems: [3] })],
  ["no counts of what was turned away", () => ({ drops: undefined })],
])("parseFrame() refuses a view with %s", async (_, change) => {
  const frame = await takeFrame(new Demo(1));
  expect(parseFrame(JSON.stringify(frame))).toBeDefined();
  const cluster = { ...frame.cluster!, ...(change(frame.cluster!) as object) };
  expect(parseFrame(JSON.stringify({ ...frame, cluster }))).toBeUndefined();
});

test("parseFrame() takes a node that has neither status nor cluster yet", () => {
  const sample = { load: 0.5, cpus: 2, memoryUsed: 1, memoryTotal: 2, uptime: 3 };
  expect(parseFrame(JSON.stringify({ sample }))).toEqual({ sample });
});
