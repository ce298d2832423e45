/** What a processor can do that programs find out at their start, and then rely on wherever they run. */

import { readOptional } from "../../system/files.ts";

/** Flags of /proc/cpuinfo that name instructions for programs, of all levels of x86-64; others are for kernels. */
const INSTRUCTIONS =
  /^(pni|ssse3|sse.*|avx.*|amx.*|fma4?|f16c|bmi[12]|abm|movbe|popcnt|cx16|lahf_lm|v?aes|v?pclmulqdq|gfni|sha_ni|sha512|adx|rdrand|rdseed|xsave.*|rtm|hle|xop|tbm|3dnow.*|pku|clwb|clflushopt|movdir.*|waitpkg|serialize|rdpid|fsgsbase|enqcmd)$/;

/** The flags of the first processor of a node, as /proc/cpuinfo names them: node and guest have one kind each. */
export function readInstructions(root: string): string[] {
  const flags = /^flags\s*:\s*(.*)$/m.exec(readOptional(`${root}/proc/cpuinfo`) ?? "")?.[1] ?? "";
  return flags.split(" ").filter((flag) => INSTRUCTIONS.test(flag));
}

/**
 * Why a process that began on a processor of flags `home` does not run on one of flags `there`; `undefined` where it
 * does. Without XSAVE at home a process that has been on a processor with it cannot be restored at home: criu(8).
 */
export function findUnfit(home: readonly string[], there: readonly string[]): string | undefined {
  const missing = home.filter((flag) => !there.includes(flag));
  if (missing.length > 0) return `its processor lacks ${missing.slice(0, MOST_NAMED).join(", ")}`;
  if (there.includes("xsave") && !home.includes("xsave"))
    return "its processor has xsave, and the one here has not: the process could not come home";
  return undefined;
}

const MOST_NAMED = 4;
