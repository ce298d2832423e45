import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PATHS } from "../../../../system/state/paths.ts";

const PROJECT = join(import.meta.dir, "../../../..");
const FOLDERS = ["init", "modes", "cluster", "probes", "system", "assets/rootfs"];

function sources(extension: string): [path: string, text: string][] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(extension))
      .map((name): [string, string] => [
        `${folder}/${name}`,
        readFileSync(join(PROJECT, folder, name), "utf8"),
      ]),
  );
}

const literals = (text: string): string[] => text.match(/\/run\/clump\/[\w.-]+/g) ?? [];

test("no program writes a path below /run/clump but this table", () => {
  const others = sources(".ts").filter(([path]) => path !== "system/state/paths.ts");
  expect(others.filter(([, text]) => literals(text).length > 0).map(([path]) => path)).toEqual([]);
});

test("the scripts of the image use paths of the table", () => {
  const used = sources(".sh").flatMap(([, text]) => literals(text));
  expect(used.length).toBeGreaterThan(0);
  expect(used.filter((path) => !Object.values<string>(PATHS).includes(path))).toEqual([]);
});

test("no two entries share a path", () => {
  expect(new Set(Object.values(PATHS)).size).toBe(Object.keys(PATHS).length);
});
