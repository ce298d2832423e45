import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fitText } from "../../../init/pager.ts";

const PROGRAM = join(import.meta.dir, "../../../init/main.ts");
const END = "the end";
let folder = "";

/** A pager that says only that it runs. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "clump-pager-"));
  writeFileSync(join(folder, "less"), "#!/bin/sh\necho a pager; cat\n");
  chmodSync(join(folder, "less"), 0o755);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What a command shows on a terminal of that size, line by line. */
async function show(
  words: readonly string[],
  size: { rows: number; cols: number },
  type = "linux",
): Promise<string[]> {
  let shown = "";
  // What the command writes may reach the terminal after its end.
  const whole = Promise.withResolvers<void>();
  await using terminal = new Bun.Terminal({
    ...size,
    data: (_, bytes) => {
      shown += Buffer.from(bytes).toString();
      if (shown.includes(END)) whole.resolve();
    },
  });
  const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}`, TERM: type };
  const line = `"$@" && echo "${END}"`;
  const child = Bun.spawn(["sh", "-c", line, "sh", process.execPath, PROGRAM, ...words], { terminal, env });
  expect(await child.exited).toBe(0);
  await whole.promise;
  return shown.slice(0, shown.indexOf(END)).replaceAll("\r", "").split("\n");
}

describe("on a terminal", () => {
  test.each([
    ["clump help", ["clump", "help"]],
    ["clump --help", ["clump", "--help"]],
    ["mosctl --help", ["mosctl", "--help"]],
    ["a page of man", ["man", "clump-nodes"]],
  ])("of 80x25, %s is in a pager, which says how to leave it", async (_, words) => {
    const lines = await show(words, { rows: 25, cols: 80 });
    expect(lines.slice(0, 3)).toEqual(["a pager", "q closes this page, Space shows the next one", ""]);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test.each([
    ["clump help", ["clump", "help"], { rows: 48, cols: 128 }],
    ["clump help nodes", ["clump", "help", "nodes"], { rows: 25, cols: 80 }],
    ["clumpview --help", ["clumpview", "--help"], { rows: 25, cols: 80 }],
  ])("with room for it, %s just stands there", async (_, words, size) => {
    const lines = await show(words, size);
    expect(lines[0]).toStartWith("Usage: ");
    expect(lines.length).toBeLessThanOrEqual(size.rows);
  });

  test.each([
    ["clump nodes --help", ["clump", "nodes", "--help"]],
    ["clumpview --help", ["clumpview", "--help"]],
    ["clump help demo", ["clump", "help", "demo"]],
  ])("of 40x5, %s is in a pager too", async (_, words) => {
    expect((await show(words, { rows: 5, cols: 40 }))[0]).toBe("a pager");
  });
});

test.each([
  ["clump help", ["clump", "help"]],
  ["man", ["man", "clump-nodes"]],
])("%s has no pager on a dumb terminal", async (_, words) => {
  expect((await show(words, { rows: 5, cols: 80 }, "dumb"))[0]).toMatch(/^(Usage: clump|NAME)/);
});

test("fitText() wraps a meaning below its beginning, and any other line below its own", () => {
  const text =
    "  VERB [NODE]  the number or the address of a node\n\n  One line of many words.\n  short  one\n";
  expect(fitText(text, 30)).toBe(
    [
      "  VERB [NODE]  the number or",
      "               the address of",
      "               a node",
      "",
      "  One line of many words.",
      "  short  one",
      "",
    ].join("\n"),
  );
  expect(fitText("  One line of many words.", 15)).toBe("  One line of\n  many words.");
});
