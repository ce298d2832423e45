/** Options and commands as a table of Markdown. */

import type { OptionDescription } from "../../probes/network-options/descriptions.ts";

/** A row for each description; `title` heads the first column. */
export function descriptionTable(title: string, descriptions: readonly OptionDescription[]): string {
  const rows = descriptions.map(({ forms, meaning }) => {
    const cell = forms.map((form) => `\`${form.replaceAll("|", "\\|")}\``).join(", ");
    return `| ${cell} | ${meaning} |`;
  });
  return [`| ${title} | meaning |`, "| --- | --- |", ...rows, ""].join("\n");
}
