/** What of the documents is made from the code: path in the project → its whole text. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DESCRIPTIONS } from "../../init/options/descriptions.ts";
import { COMMAND_DESCRIPTIONS, SERVICE_DESCRIPTIONS } from "../../init/program-descriptions.ts";
import { ROOT } from "../build/project.ts";
import { replaceBlocks } from "./blocks.ts";
import { descriptionTable } from "./description-table.ts";
import { folderTable } from "./folder-table.ts";
import { LAYERS } from "./layers.ts";
import { drawArchitecture } from "./picture.ts";

/** The documents as they have to be, made from the sources below the project's folder. */
export function makeDocuments(): Map<string, string> {
  const sources = readSources();
  const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
  return new Map([
    ["docs/architecture.svg", drawArchitecture(sources)],
    ["docs/architecture.md", replaceBlocks(read("docs/architecture.md"), { folders: folderTable() })],
    ["docs/options.md", replaceBlocks(read("docs/options.md"), tablesOfOptions())],
  ]);
}

function tablesOfOptions(): Record<string, string> {
  const options = Object.entries(DESCRIPTIONS).map(([topic, rows]) => [
    `options-${topic}`,
    descriptionTable("option", rows),
  ]);
  return {
    ...Object.fromEntries(options),
    commands: descriptionTable("command", COMMAND_DESCRIPTIONS),
    services: descriptionTable("program", SERVICE_DESCRIPTIONS),
  };
}

/** The TypeScript of the program, path → text. */
export function readSources(): Map<string, string> {
  const paths = LAYERS.flatMap(({ name }) =>
    readdirSync(join(ROOT, name), { recursive: true, encoding: "utf8" }).map((file) => `${name}/${file}`),
  );
  const sources = paths.filter((path) => path.endsWith(".ts")).toSorted();
  return new Map(sources.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
}
