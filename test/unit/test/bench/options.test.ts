import { expect, test } from "bun:test";
import { imageBeside } from "../../../bench/contestants.ts";
import { readBenchOptions } from "../../../bench/options.ts";
import { makeRoot } from "../../../fixtures/root.ts";

test("readBenchOptions() measures everything five times by default", () => {
  const all = { rounds: 5, floor: true, peers: true, views: true, moves: true };
  const rest = { instructions: false, beside: undefined };
  expect(readBenchOptions([])).toEqual({ ...all, ...rest });
  const argv = [
    "--rounds",
    "3",
    "--no-floor",
    "--no-peers",
    "--no-views",
    "--no-moves",
    "--instructions",
    "--beside",
    "a",
  ];
  expect(readBenchOptions(argv)).toEqual({
    rounds: 3,
    floor: false,
    peers: false,
    views: false,
    moves: false,
    instructions: true,
    beside: "a",
  });
});

test.each(["0", "many"])("readBenchOptions() refuses --rounds %s", (rounds) => {
  expect(() => readBenchOptions(["--rounds", rounds])).toThrow(
    `Cannot use --rounds ${rounds}: a whole number`,
  );
});

test("imageBeside() names the file that another checkout lacks", () => {
  using root = makeRoot({ "/vmlinuz": "" });
  expect(() => imageBeside(root.path)).toThrow(
    `there is no ${root.path}/initramfs.img, and a dist/ of npm run`,
  );
  root.write({ "/initramfs.img": "" });
  expect(imageBeside(root.path)).toMatchObject({ name: `clump in ${root.path}`, append: "novnc" });
});

test("npm run bench refuses a folder without an image before it builds one", async () => {
  const command = [process.execPath, "test/bench/bench.ts", "--beside", "/none"];
  const child = Bun.spawn(command, { stdout: "ignore", stderr: "pipe" });
  expect(await child.stderr.text()).toBe(
    "Cannot measure the image in /none: there is no /none/vmlinuz, and a dist/ of npm run build was wanted\n",
  );
});
