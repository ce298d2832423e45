import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Programs } from "./compile.ts";
import { SharedFiles } from "./shared-files.ts";

/** More than a folder below /mfs waits, less than the view of a guest does. */
const CUT_MILLISECONDS = 12_000;
const NETWORK = `cut${process.pid % 10_000}`;

const programs = new Programs();
let files: SharedFiles;

const ip = (...words: string[]) => {
  const { exitCode, stderr } = Bun.spawnSync(["ip", ...words]);
  if (exitCode !== 0) throw new Error(`Cannot run ip ${words.join(" ")}: ${stderr}`);
};
const setLink = (state: "up" | "down") => ip("-n", NETWORK, "link", "set", "lo", state);

beforeAll(async () => {
  ip("netns", "add", NETWORK);
  setLink("up");
  files = new SharedFiles(programs, programs.deputy("sanitized"), 5431, { network: NETWORK });
  await files.open();
});
afterAll(async () => {
  await files.close();
  ip("netns", "del", NETWORK);
  programs.remove();
});

test("a cable that is pulled for a while leaves a guest its files", async () => {
  writeFileSync(join(files.home, "list"), "one\ntwo\n");
  const reader = files.start("exec 5<list; read a <&5; echo $a; sleep 1; cat list - <&5; echo more >>list");
  await Bun.sleep(500);
  setLink("down");
  await Bun.sleep(CUT_MILLISECONDS);
  expect(reader.exitCode).toBeNull();
  setLink("up");
  expect(await new Response(reader.stdout).text()).toBe("one\none\ntwo\ntwo\n");
  expect((await files.run('cat "$HOME/list"')).out).toBe("one\ntwo\nmore\n");
}, 60_000);
