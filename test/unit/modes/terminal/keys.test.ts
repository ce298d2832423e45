import { expect, test } from "bun:test";
import { type Key, KeyReader } from "../../../../modes/terminal/keys.ts";

/** Feeds pieces of input; "…" lets the time for a lone ESC pass. */
function read(...pieces: readonly string[]): Key[] {
  const keys: Key[] = [];
  let waiting: (() => void) | undefined;
  const reader = new KeyReader(
    (key) => keys.push(key),
    (milliseconds, run) => {
      expect(milliseconds).toBe(100);
      waiting = run;
      return () => {
        waiting = undefined;
      };
    },
  );
  for (const piece of pieces) {
    if (piece === "…") waiting?.();
    else reader.read(Buffer.from(piece));
  }
  return keys;
}

test.each<[string, string[], Key[]]>([
  ["a lone ESC", ["\x1b", "…"], ["escape"]],
  ["a lone ESC, twice", ["\x1b", "…", "\x1b", "…"], ["escape", "escape"]],
  ["ESC held down", ["\x1b\x1b\x1b", "…"], ["escape"]],
  ["an ESC that is not over yet", ["\x1b"], []],
  ["arrows", ["\x1b[A\x1b[B", "…"], ["up", "down"]],
  ["an arrow in pieces", ["\x1b", "[", "A", "…"], ["up"]],
  ["arrows of application mode", ["\x1bOA\x1bOB", "…"], ["up", "down"]],
  ["Page Up and Page Down", ["\x1b[5~\x1b[6~"], ["page up", "page down"]],
  ["an arrow with Shift", ["\x1b[1;2A"], ["other"]],
  ["F1 of the kernel's console", ["\x1b[[A", "q"], ["other", "q"]],
  ["Delete, with its number", ["\x1b[3~q"], ["other", "q"]],
  ["Alt and q", ["\x1bq", "…"], ["other"]],
  ["ESC after an arrow", ["\x1b[A\x1b", "…"], ["up", "escape"]],
  ["ESC after half a sequence", ["\x1b[1;", "\x1b", "…"], ["escape"]],
  ["q", ["q"], ["q"]],
  ["Ctrl-C and Ctrl-L", ["\x03\x0c"], ["interrupt", "redraw"]],
  ["characters", ["aZ/ "], ["a", "Z", "/", " "]],
  ["Enter, Tab and Backspace", ["\r\n\t\b\x7f"], ["enter", "enter", "tab", "backspace", "backspace"]],
  ["Home, End and their other names", ["\x1b[H\x1b[F\x1b[1~\x1b[4~"], ["home", "end", "home", "end"]],
  ["left and right", ["\x1b[D\x1bOC"], ["left", "right"]],
  ["what is not ASCII", ["é", "…"], ["other", "other"]],
  ["nothing of a line that broke off", ["\0\0"], []],
])("KeyReader reads %s", (_, pieces, keys) => {
  expect(read(...pieces)).toEqual(keys);
});
