import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OPTION_NAMES } from "../../init/command-line.ts";
import { MODE_WORDS } from "../../init/mode-words.ts";
import packageJson from "../../package.json";
import { NETWORK_OPTION_NAMES } from "../../probes/network-options/options.ts";

const PROJECT = join(import.meta.dir, "../..");
/** A file and the name of a test in it, as the tables write them. */
const NAMED = /`([\w./-]+\.test\.ts)` "([^"]+)"/g;

describe.each([
  ["probes/dhcp/rfc2131.md", "test/unit/probes/dhcp"],
  ["test/net/README.md", ""],
])("%s", (document, folder) => {
  const text = readFileSync(join(PROJECT, document), "utf8");
  const named = [...text.matchAll(NAMED)].map(([, file = "", name = ""]) => [file, name] as const);

  test.each(named)("names a test of %s that exists: %s", (file, name) => {
    const path = file.includes("/") ? file : join(folder, file);
    expect(readFileSync(join(PROJECT, path), "utf8")).toContain(`"${name}"`);
  });

  test("has a test in every row", () => {
    const rows = text
      .split("\n")
      .filter((line) => line.startsWith("| ") && !/^\| (---|section|\| pain)/.test(line));
    expect(rows.length).toBeGreaterThan(10);
    const bare = rows.filter((row) => row.match(NAMED) === null);
    expect(bare).toEqual([]);
  });
});

describe("README.md", () => {
  const text = readFileSync(join(PROJECT, "README.md"), "utf8");
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, words = ""]) => words.replace(/^"/, ""));
  const has = (word: string) =>
    quoted.some((words) => words === word || words.startsWith(`${word}=`) || words.startsWith(`${word}[`));

  test.each([...OPTION_NAMES, ...NETWORK_OPTION_NAMES, ...MODE_WORDS.keys()])("has the option %s", (name) => {
    expect(has(name)).toBe(true);
  });

  test("has no option of ours that is none", () => {
    const named = [...text.matchAll(/\bclump\.[a-z.]*[a-z](?==|`)/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(20);
    const files = ["clump.iso", "clump.key"];
    expect(named.filter((name) => !OPTION_NAMES.includes(name) && !files.includes(name))).toEqual([]);
  });

  test("has every script that a person runs, and no other", () => {
    const named = [...text.matchAll(/(?:`|^)npm (?:run )?([a-z]+)/gm)].map(([, name]) => name);
    const listed = [...text.matchAll(/^\| `([a-z]+)(?: -- [^`]*)?` \|/gm)].map(([, name]) => name);
    const scripts = Object.keys(packageJson.scripts);
    const parts = ["types", "lint"];
    const missing = scripts.filter((name) => !parts.includes(name) && ![...named, ...listed].includes(name));
    expect(missing).toEqual([]);
    expect(named.filter((name) => name !== "run" && !scripts.includes(name ?? ""))).toEqual([]);
  });

  test("describes folders and files that are there", () => {
    const [, tree = ""] = /## How it is built\n\n```\n([\s\S]*?)```/.exec(text) ?? [];
    let top = "";
    const paths = tree.split("\n").flatMap((line) => {
      const names = /^ *((?:[\w-]+(?:\/|\.ts) ?)+)/.exec(line)?.[1]?.trim().split(" ") ?? [];
      if (!line.startsWith(" ")) top = names[0] ?? "";
      return line.startsWith(" ") ? names.map((name) => top + name) : names;
    });
    expect(paths.length).toBeGreaterThan(30);
    expect(paths.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
  });
});
