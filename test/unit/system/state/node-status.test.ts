import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStatus, writeStatus } from "../../../../system/state/node-status.ts";
import { PATHS } from "../../../../system/state/paths.ts";
import { CONFIGURED, STATUSES } from "../../modes/clumpview/states.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "status-"));
});

afterEach(() => rmSync(root, { recursive: true }));

test("readStatus() finds none where there is none", () => {
  expect(readStatus(root)).toBeUndefined();
});

test.each(Object.keys(STATUSES))("readStatus() reads what writeStatus() wrote: %s", (name) => {
  const status = STATUSES[name] ?? CONFIGURED;
  writeStatus(root, CONFIGURED);
  writeStatus(root, status);
  expect(readStatus(root)).toEqual(status);
  expect(readdirSync(`${root}/run/clump`)).toEqual(["status.json"]);
});

test.each([
  ["nothing", ""],
  ["half a file", JSON.stringify(CONFIGURED).slice(0, 100)],
  ["another type", "[]"],
  ["null", "null"],
  ["no interfaces", JSON.stringify({ ...CONFIGURED, nics: undefined })],
  ["interfaces of another shape", JSON.stringify({ ...CONFIGURED, nics: [{ name: 1 }] })],
  ["a node that is no number", JSON.stringify({ ...CONFIGURED, node: "77" })],
  ["a lease without its time", JSON.stringify({ ...CONFIGURED, lease: { server: "x", state: "BOUND" } })],
  ["a state in Slurm without jobs", JSON.stringify({ ...CONFIGURED, slurm: { state: "idle" } })],
  ["what it serves as no text", JSON.stringify({ ...CONFIGURED, serves: 3 })],
  ["problems that are no text", JSON.stringify({ ...CONFIGURED, problems: [1] })],
])("readStatus() takes %s for none", (_, text) => {
  writeStatus(root, CONFIGURED);
  writeFileSync(root + PATHS.status, text);
  expect(readStatus(root)).toBeUndefined();
});
