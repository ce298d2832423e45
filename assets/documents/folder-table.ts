/** The folders of the program as a table of Markdown. */

import { LAYERS } from "./layers.ts";

export function folderTable(): string {
  const rows = LAYERS.flatMap(({ name, summary, files, folders }) => [
    `| **\`${name}/\`** | **${summary}**; ${files} |`,
    ...Object.entries(folders).map(([folder, holds]) => `| \`${name}/${folder}/\` | ${holds} |`),
  ]);
  return ["| folder | |", "| --- | --- |", ...rows, ""].join("\n");
}
