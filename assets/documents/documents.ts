/** What of the documents is made from the code: path in the project → its whole text. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMAND_HELPS, SERVICE_HELPS } from "../../init/helps.ts";
import { DESCRIPTIONS } from "../../init/options/descriptions.ts";
import type { OptionDescription } from "../../probes/network-options/descriptions.ts";
import { type CommandHelp, callsOf } from "../../system/command-help.ts";
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
    commands: descriptionTable("command", COMMAND_HELPS.map(describeCommand)),
    services: descriptionTable("program", SERVICE_HELPS.map(describeService)),
  };
}

function describeCommand(help: CommandHelp): OptionDescription {
  const { does, document, examples = [] } = help;
  const more = document === undefined ? "" : `; [more](${document.replace(/^options\.md/, "")})`;
  const example = examples[0] === undefined ? "" : `, as \`${examples[0]}\``;
  return { forms: callsOf(help), meaning: `${does}${example}${more}` };
}

/** Services get their words from process 1. */
function describeService({ name, ...help }: CommandHelp): OptionDescription {
  return { forms: [name], meaning: describeCommand({ name, ...help }).meaning };
}

/** The TypeScript of the program, path → text. */
export function readSources(): Map<string, string> {
  const paths = LAYERS.flatMap(({ name }) =>
    readdirSync(join(ROOT, name), { recursive: true, encoding: "utf8" }).map((file) => `${name}/${file}`),
  );
  const sources = paths.filter((path) => path.endsWith(".ts")).toSorted();
  return new Map(sources.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
}
