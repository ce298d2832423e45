import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findQuietNumber, Supervisor } from "../../../../../cluster/migration/arrival/supervisor.ts";

const folder = mkdtempSync(join(tmpdir(), "supervisor-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a supervisor that was killed has ended before anybody has heard of it", () => {
  const command = ["sleep", "60"];
  const supervisor = Supervisor.start(command, join(folder, "log"));
  expect(supervisor.isOf(command)).toBe(true);
  process.kill(supervisor.pid, "SIGKILL");
  // Without a turn of the event loop, which tells of ends.
  while (!readFileSync(`/proc/${supervisor.pid}/stat`, "utf8").includes(") Z ")) Bun.sleepSync(1);
  expect(supervisor.isOf(command)).toBe(false);
});

test.each<[string, number[], number]>([
  ["far above", [5_000, 5_001], 400],
  ["where the first ones are", [300, 500, 690, 9_000], 690],
  ["in no order", [900, 1_000, 450, 650], 1_000],
])("findQuietNumber() passes pids %s", (_, pids, quiet) => {
  expect(findQuietNumber(pids)).toBe(quiet);
});
