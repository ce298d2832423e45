/** Where the kernel command line sends the reports of a machine. */

import { readOptional } from "../../init/machine/files.ts";
import { splitWords } from "../../init/machine/kernel-words.ts";
import { STATUS_FOLDER } from "../clumpview/status.ts";
import { parseTargetOption } from "./target.ts";

const OPTION = "clump.report=";

/** The same for root alone, where the kernel command line is shown without a password that is in it. */
export const TARGET_PATH = `${STATUS_FOLDER}/report.target`;

/** The last value of `clump.report=` that can be used, as it was typed; empty where there is none. */
export function readTargetWord(root: string): string {
  const hidden = readOptional(root + TARGET_PATH)?.trimEnd();
  if (hidden) return hidden;
  const words = splitWords(readOptional(`${root}/proc/cmdline`) ?? "");
  const values = words.filter((word) => word.startsWith(OPTION)).map((word) => word.slice(OPTION.length));
  return values.findLast((value) => parseTargetOption(value) !== undefined) ?? "";
}
