/** The words of `clump report`, and what the kernel command line says of it. */

import { parseArgs } from "node:util";
import { parseTarget, REPORT_PATH, TARGET_FORMS, type Target } from "../../system/state/report-target.ts";
import { readTargetOption } from "./target-option.ts";

export interface ReportOptions {
  /** "-" is standard output. */
  readonly output: string;
  /** Absent when the report stays here. */
  readonly target?: Target;
  readonly help: boolean;
}

export const REPORT_USAGE = `Usage: clump report [--output FILE] [WHERE]
  writes what is known of this node to ${REPORT_PATH}, and sends it
  WHERE          ${TARGET_FORMS};
                 as clump.report= says when it is left out
  --output FILE  write it there instead, "-" to this terminal, and send it only where WHERE says
`;

/** @throws TypeError or RangeError naming the word that cannot be used */
export function parseReportOptions(argv: readonly string[], root: string): ReportOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: {
      output: { type: "string", short: "o" },
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new RangeError(`Cannot use ${positionals[1]}: one place was wanted`);
  const asked = positionals[0] === undefined ? undefined : parseTarget(positionals[0]);
  const target = asked ?? (values.output === undefined ? readTarget(root) : undefined);
  return { output: values.output ?? REPORT_PATH, ...(target && { target }), help: values.help };
}

/** Where `clump.report=` sends the reports of the machine below `root`. */
function readTarget(root: string): Target | undefined {
  const word = readTargetOption(root);
  return word === "" ? undefined : parseTarget(word);
}
