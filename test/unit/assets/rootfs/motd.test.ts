import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";

/** A line of 80 columns is whole on a screen of 80, but the cursor is then in the next. */
const COLUMNS = 79;

test("the welcome of a shell fits a screen of 80x25, with the banner of the shell and a prompt", () => {
  const lines = readFileSync("assets/rootfs/etc/motd", "utf8").split("\n");
  expect(lines.filter((line) => line.length > COLUMNS)).toEqual([]);
  expect(lines.length).toBeLessThan(18);
});

test("the commands and what they do stand in columns", () => {
  const lines = readFileSync("assets/rootfs/etc/motd", "utf8").split("\n").filter(Boolean);
  // The last line has one meaning for its whole width.
  for (const line of lines.slice(0, -1)) expect(line).toMatch(/^ \S.{22} \S.{12} \S.{19}( \S|$)/);
});
