/** Options of the kernel command line as a table of Markdown. */

import type { OptionDescription } from "../../probes/network-options/descriptions.ts";

export function optionTable(descriptions: readonly OptionDescription[]): string {
  const rows = descriptions.map(({ forms, meaning }) => {
    const cell = forms.map((form) => `\`${form.replaceAll("|", "\\|")}\``).join(", ");
    return `| ${cell} | ${meaning} |`;
  });
  return ["| option | meaning |", "| --- | --- |", ...rows, ""].join("\n");
}
