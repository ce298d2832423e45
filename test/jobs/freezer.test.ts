import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { Freezer } from "../../cluster/migration/freezer.ts";
import { Groups } from "./groups.ts";

let groups: Groups;

beforeAll(() => {
  groups = new Groups();
});
afterAll(() => groups.remove());

test("the group of a process that was killed goes, though the kernel takes time to give its memory back", async () => {
  // tail(1) keeps all of it in memory.
  const child = Bun.spawn(["tail", "-c", "200M"], { stdin: "pipe", stdout: "ignore" });
  child.stdin.write(new Uint8Array(200 << 20));
  await child.stdin.flush();
  const freezer = new Freezer(groups.path, child.pid);
  await freezer.freeze();
  child.kill("SIGKILL");
  await freezer.release();
  expect(existsSync(freezer.folder)).toBe(false);
});
