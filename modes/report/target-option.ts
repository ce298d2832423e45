/** Where the kernel command line sends the reports of a machine. */

import { readOptional } from "../../system/files.ts";
import { splitParameters } from "../../system/kernel-parameters.ts";
import { STATUS_FOLDER } from "../../system/state/node-status.ts";
import { parseTargetOption } from "../../system/state/report-target.ts";

const OPTION = "clump.report=";

/** The same for root alone, where the kernel command line is shown without a password that is in it. */
export const TARGET_PATH = `${STATUS_FOLDER}/report.target`;

/** The last value of `clump.report=` that can be used, as it was typed; empty where there is none. */
export function readTargetOption(root: string): string {
  const hidden = readOptional(root + TARGET_PATH)?.trimEnd();
  if (hidden) return hidden;
  const words = splitParameters(readOptional(`${root}/proc/cmdline`) ?? "");
  const values = words.filter((word) => word.startsWith(OPTION)).map((word) => word.slice(OPTION.length));
  return values.findLast((value) => parseTargetOption(value) !== undefined) ?? "";
}
