import { expect, test } from "bun:test";
import { firstStepTime } from "../../../bench/measure.ts";
import { median } from "../../../bench/median.ts";
import { formatSteps } from "../../../bench/steps.ts";
import { formatTable } from "../../../bench/table.ts";

test.each([
  [[3], 3],
  [[5, 1, 3], 3],
  [[4, 1, 2, 3], 2.5],
])("median() of %p is %p", (values, wanted) => {
  expect(median(values)).toBe(wanted);
});

test("formatTable() lines its columns up", () => {
  expect(formatTable(["a", "long"], [["wide", "x"]])).toBe(
    ["| a    | long |", "| ---- | ---- |", "| wide | x    |", ""].join("\n"),
  );
});

test("formatSteps() gives each line's time and what passed since the one before", () => {
  const lines = [
    "[    2.224134] Run /init as init process",
    "[    2.330711] loop: module loaded",
    "[    2.366369] loop0: detected capacity change from 0 to 159672",
    "[    3.946514] clump: mount the kernel's file systems: ok (0.051 s)",
    "  10.0.2.15 on the screen",
  ];
  const rows = formatSteps({ lines, fromStart: 0, fromInit: 0, toFirstStep: 0, megabytes: 0 })
    .split("\n")
    .slice(2);
  expect(rows.length).toBe(4);
  expect(rows[2]).toMatch(/3\.947 +\| \+1\.580 +\| mount the kernel's file systems: ok/);
});

test("firstStepTime() is before the steps that were logged once the log was open", () => {
  const lines = [
    "[    1.949877] Run /init as init process",
    "[    2.587155] clump: mount the kernel's file systems: ok (0.017 s)",
    "[    2.595284] clump: read the kernel command line: ok (0.012 s)",
    "[    2.595388] clump: open the kernel log: ok (0.013 s)",
    "[    2.661668] clump: find the devices: ok (0.065 s)",
  ];
  expect(firstStepTime(lines)).toBeCloseTo(2.553388, 6);
  expect(firstStepTime(["[    2.661668] peer: address set"])).toBeUndefined();
});
