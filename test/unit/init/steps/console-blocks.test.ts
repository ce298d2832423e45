import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawConsoleBlocks } from "../../../../init/steps/console-blocks.ts";
import { isCoarse } from "../../../../modes/terminal/fine-consoles.ts";
import { fakeMachine } from "../../../lib/fake-kernel.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "blocks-"));
});
afterEach(() => rmSync(root, { recursive: true }));

test("drawConsoleBlocks() draws on virtual consoles alone, and clumpview knows", () => {
  const machine = fakeMachine(root);
  drawConsoleBlocks(machine, ["/dev/ttyS0", "/dev/tty1", "/dev/tty4"]);
  expect(machine.kernel.calls).toEqual(["draw ▁▂▃▅▆▇ on /dev/tty1", "draw ▁▂▃▅▆▇ on /dev/tty4"]);
  const coarse = ["/dev/tty1", "/dev/tty2", "/dev/tty", "/dev/console", "/dev/ttyS0", "/dev/pts/0"];
  expect(coarse.map((path) => isCoarse(root, path))).toEqual([false, true, true, true, false, false]);
});

test("drawConsoleBlocks() leaves consoles coarse where there is no font to draw into", () => {
  const machine = fakeMachine(root);
  machine.kernel.failures.push({ call: "draw", message: "ENOTTY" });
  expect(() => drawConsoleBlocks(machine, ["/dev/tty1"])).toThrow("ENOTTY");
  expect(isCoarse(root, "/dev/tty1")).toBe(true);
});
