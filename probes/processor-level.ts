/** What the processors of a node can do, in 16 bits: enough to pass over nodes where a process cannot go. */

import { readOptional } from "../system/files.ts";

/** Flags of /proc/cpuinfo that each level of x86-64 adds to the one before: x86-64 psABI, "Micro-Architecture Levels". */
const LEVELS = [
  [],
  ["cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"],
  ["abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave"],
  ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"],
] as const;

/** What a processor saves of a process, and how: an image of criu(8) needs all of it. Bit 0 is the first. */
const SAVES = ["xsave", "xsaveopt", "xsavec", "xsaves", "avx", "avx512f", "pku", "amx_tile"] as const;
const XSAVE = 1;

/**
 * The level of x86-64, 1 to 4, in the upper byte, and what the processor saves of a process in the lower byte; 0 where
 * the processor is not known.
 */
export function readProcessor(root: string): number {
  const line = /^flags\s*:\s*(.*)$/m.exec(readOptional(`${root}/proc/cpuinfo`) ?? "")?.[1];
  if (line === undefined) return 0;
  const flags = new Set(line.split(" "));
  const lacking = LEVELS.findIndex((needed) => needed.some((flag) => !flags.has(flag)));
  const level = lacking < 0 ? LEVELS.length : lacking;
  const saves = SAVES.reduce((bits, flag, bit) => bits | (flags.has(flag) ? 1 << bit : 0), 0);
  return (level << 8) | saves;
}

/**
 * Whether a process that began on a processor `home` may run on one `there`, as far as the 16 bits tell. A processor that
 * is not known may do everything: nodes compare all flags before a move.
 */
export function mayRunOn(there: number, home: number): boolean {
  if (there === 0 || home === 0) return true;
  const lacks = home & ~there & 0xff;
  const couldNotComeHome = (there & XSAVE) !== 0 && (home & XSAVE) === 0;
  return there >> 8 >= home >> 8 && lacks === 0 && !couldNotComeHome;
}
