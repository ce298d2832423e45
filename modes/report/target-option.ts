/** The option `clump.report=` of the machine. */

import { readOptional } from "../../system/files.ts";
import { splitParameters } from "../../system/kernel-parameters.ts";
import { PATHS } from "../../system/state/paths.ts";
import { parseTargetOption } from "../../system/state/report-target.ts";

const OPTION = "clump.report=";

/** The last valid value of `clump.report=`, as typed; empty where there is none. */
export function readTargetOption(root: string): string {
  const hidden = readOptional(root + PATHS.reportTarget)?.trimEnd();
  if (hidden) return hidden;
  const words = splitParameters(readOptional(`${root}/proc/cmdline`) ?? "");
  const values = words.filter((word) => word.startsWith(OPTION)).map((word) => word.slice(OPTION.length));
  return values.findLast((value) => parseTargetOption(value) !== undefined) ?? "";
}
