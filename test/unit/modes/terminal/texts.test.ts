import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toShowable } from "../../../../modes/terminal/canvas.ts";

const PROJECT = join(import.meta.dir, "../../../..");
/** Read by the documents alone. */
const DOCUMENTS = ["init/options/descriptions.ts"];
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

test("no text of the program has a character that the kernel's console lacks", () => {
  const paths = ["init", "modes", "cluster", "probes", "system"].flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" }).map(
      (name) => `${folder}/${name}`,
    ),
  );
  const sources = paths.filter((path) => /\.ts$/.test(path) && !path.includes("/web/page/"));
  const faults = sources
    .filter((path) => !DOCUMENTS.includes(path))
    .flatMap((path) => {
      const lines = readFileSync(join(PROJECT, path), "utf8").replaceAll(COMMENTS, "").split("\n");
      return lines.filter((line) => toShowable(line) !== line).map((line) => `${path}: ${line.trim()}`);
    });
  expect(sources.length).toBeGreaterThan(300);
  expect(faults).toEqual([]);
});
