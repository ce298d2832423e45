/** What the documents tell a person to type is taken as written. */

import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPxeOptions } from "../../assets/pxe/options.ts";
import { readServeOptions } from "../../assets/serve/options.ts";
import { readStartOptions } from "../../assets/start/options.ts";
import { parseClumpviewOptions } from "../../modes/clumpview/options.ts";
import { codeOf } from "./documents.ts";

const PROJECT = join(import.meta.dir, "../..");
const DOCUMENTS = ["README.md", ...readdirSync(join(PROJECT, "docs")).map((name) => `docs/${name}`)];

const READERS: Readonly<Record<string, (words: readonly string[]) => unknown>> = {
  "npm start": (words) => readStartOptions(words, {}),
  "npm run serve": readServeOptions,
  "npm run pxe": readPxeOptions,
  "npm run clumpview": parseClumpviewOptions,
};

/** Each command line of these programs with words behind the lone `--`. */
function typedLines(): (readonly [line: string, call: string, words: readonly string[]])[] {
  const codes = DOCUMENTS.filter((path) => path.endsWith(".md")).flatMap((path) =>
    codeOf(readFileSync(join(PROJECT, path), "utf8")),
  );
  const lines = [...new Set(codes.map((code) => code.replace(/ +#.*$/, "")))];
  return lines.flatMap((line) => {
    const [, call = "", typed = ""] = /^(npm (?:run )?\w+) -- (\S.*)$/.exec(line) ?? [];
    if (!Object.hasOwn(READERS, call) || typed.includes("…") || typed === "--help") return [];
    const words = [...typed.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    return [[line, call, words] as const];
  });
}

const LINES = typedLines();

test("the documents have such lines", () => {
  const calls = new Set(LINES.map(([, call]) => call));
  expect([...calls].toSorted()).toEqual(Object.keys(READERS).toSorted());
});

test.each(LINES)("%s", (_line, call, words) => {
  expect(() => READERS[call]?.(words)).not.toThrow();
});
