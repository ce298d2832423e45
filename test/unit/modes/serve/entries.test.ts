import { expect, test } from "bun:test";
import { parseCommandLine } from "../../../../init/options/command-line.ts";
import { DEFAULT_MODE, MODES } from "../../../../modes/index.ts";
import {
  ENTRIES,
  helpPage,
  KERNEL_WORDS,
  menuLine,
  SERVE_ENTRY,
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

test("SERVE_ENTRY boots the default mode, and asks for a boot server", () => {
  const options = parseCommandLine(`${KERNEL_WORDS} ${SERVE_ENTRY.words}`);
  expect(options.mode).toBeUndefined();
  expect(options.serve).toMatchObject({ isAsked: false });
});

test("SHIFT_ENTRY is an entry", () => {
  expect(ENTRIES.map(({ id }) => id)).toContain(SHIFT_ENTRY);
});

test("menuLine() and the help page fit a screen of 80 columns, the page one of 25 lines", () => {
  for (const entry of [...ENTRIES, SERVE_ENTRY]) expect(menuLine(entry).length).toBeLessThanOrEqual(70);
  const lines = helpPage(["one", "two"]).split("\n");
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines.length).toBeLessThanOrEqual(24);
});

test("no line of a menu holds what a loader would read as its own", () => {
  for (const entry of [...ENTRIES, SERVE_ENTRY]) expect(menuLine(entry)).toMatch(/^[\w :,-]+$/);
});
