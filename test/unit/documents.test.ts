import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

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
