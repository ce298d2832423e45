import { expect, test } from "bun:test";
import { parseCommandLine } from "../../../../init/options/command-line.ts";
import { DEFAULT_MODE, MODES } from "../../../../modes/index.ts";
import {
  ENTRIES,
  helpPage,
  KERNEL_WORDS,
  MEDIA_ENTRIES,
  menuLine,
  SHIFT_ENTRY,
} from "../../../../modes/serve/entries.ts";

test("ENTRIES are the modes a node has, under their titles, the default first", () => {
  const known = Object.values(MODES).map(({ name, title }) => ({
    id: name as string,
    title: title as string,
  }));
  expect(ENTRIES.map(({ id, title }) => ({ id, title }))).toEqual(known);
  expect(ENTRIES[0]?.id).toBe(DEFAULT_MODE);
});

test.each(ENTRIES.map((entry) => [entry.title, entry] as const))("%s boots its mode", (_title, entry) => {
  const options = parseCommandLine(`${KERNEL_WORDS} ${entry.words}`);
  expect<string>(options.mode ?? DEFAULT_MODE).toBe(entry.id);
  expect(options.complaints).toEqual([]);
});

test("a mode among a node's own options holds for the first entry, and the others overrule it", () => {
  const modeOf = (words: string) => parseCommandLine(`${KERNEL_WORDS} novnc ${words}`).mode;
  expect(ENTRIES.map(({ words }) => modeOf(words))).toEqual(["novnc", "novnc", "expert", "safe"]);
});

test("MEDIA_ENTRIES boot the default mode, one as a boot server, and one as a node of Slurm", () => {
  const asked = MEDIA_ENTRIES.map(({ words }) => parseCommandLine(`${KERNEL_WORDS} ${words}`));
  expect(asked.map(({ mode, complaints }) => [mode, complaints])).toEqual([
    [undefined, []],
    [undefined, []],
  ]);
  expect(asked.map(({ serve, slurm }) => [serve?.isAsked, slurm?.controllers])).toEqual([
    [false, undefined],
    [undefined, ""],
  ]);
});

test("SHIFT_ENTRY is an entry", () => {
  expect(ENTRIES.map(({ id }) => id)).toContain(SHIFT_ENTRY);
});

test("menuLine() and the help page fit a screen of 80 columns, the page one of 25 lines", () => {
  for (const entry of [...ENTRIES, ...MEDIA_ENTRIES]) expect(menuLine(entry).length).toBeLessThanOrEqual(70);
  const lines = helpPage(["one", "two"]).split("\n");
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines.length).toBeLessThanOrEqual(24);
});

test("no line of a menu holds what a loader would read as its own", () => {
  for (const entry of [...ENTRIES, ...MEDIA_ENTRIES]) expect(menuLine(entry)).toMatch(/^[\w :,-]+$/);
});
