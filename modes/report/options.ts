/** The command line of `clump report`. */

import { parseArguments } from "../../system/arguments.ts";
import type { CommandHelp } from "../../system/command-help.ts";
import { PATHS } from "../../system/state/paths.ts";
import { parseTarget, TARGET_FORMS, type Target } from "../../system/state/report-target.ts";
import { readTargetOption } from "./target-option.ts";

export interface ReportOptions {
  /** A path, or "-" for standard output. */
  readonly output: string;
  /** Absent where the report is only written. */
  readonly target?: Target;
  readonly help: boolean;
}

export const REPORT_HELP: CommandHelp = {
  name: "clump report",
  forms: ["[--output FILE] [WHERE]"],
  does: `writes what is known of this node to ${PATHS.report}, and sends it`,
  words: [
    ["WHERE", TARGET_FORMS],
    ["", "default the value of clump.report="],
    ["--output FILE", 'write it there instead, "-" to this terminal, and send it only where WHERE says'],
  ],
  document: "problems.md#the-report",
};

/** @throws RangeError naming the wrong argument */
export function parseReportOptions(argv: readonly string[], root: string): ReportOptions {
  const { values, positionals } = parseArguments({
    args: [...argv],
    options: {
      output: { type: "string", short: "o" },
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new RangeError(`Cannot use ${positionals[1]}: one target was wanted`);
  const requested = positionals[0] === undefined ? undefined : parseTarget(positionals[0]);
  const target = requested ?? (values.output === undefined ? readTarget(root) : undefined);
  return { output: values.output ?? PATHS.report, ...(target && { target }), help: values.help };
}

/** The target of `clump.report=` on the machine below `root`. */
function readTarget(root: string): Target | undefined {
  const word = readTargetOption(root);
  return word === "" ? undefined : parseTarget(word);
}
