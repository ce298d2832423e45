/** The option `clump.report=` of the machine. */

import { readOptional } from "../../system/files.ts";
import { splitParameters } from "../../system/kernel-parameters.ts";
import { STATUS_FOLDER } from "../../system/state/node-status.ts";
import { parseTargetOption } from "../../system/state/report-target.ts";

const OPTION = "clump.report=";

/** A file for root alone with the option's value, where the kernel command line is shown without the password in it. */
export const TARGET_PATH = `${STATUS_FOLDER}/report.target`;

/** The last valid value of `clump.report=`, as typed; empty where there is none. */
export function readTargetOption(root: string): string {
  const hidden = readOptional(root + TARGET_PATH)?.trimEnd();
  if (hidden) return hidden;
  const words = splitParameters(readOptional(`${root}/proc/cmdline`) ?? "");
  const values = words.filter((word) => word.startsWith(OPTION)).map((word) => word.slice(OPTION.length));
  return values.findLast((value) => parseTargetOption(value) !== undefined) ?? "";
}
