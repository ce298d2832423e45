/** The pages of the runtime that a boot reads, until clumpd and clumpview run. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "../build/page-layout.ts";
import { ROOT } from "../build/project.ts";

/** Another runtime needs another list: `bun test/bench/learn-pages.ts` writes it. */
export const HOT_PAGES_FILE = join(ROOT, "assets/image/hot-pages.txt");

/**
 * The runs of pages in `text`, whose first line names the runtime that they were seen in: none for another runtime, whose
 * pages hold other code. @throws RangeError where a run is not FIRST-END in hexadecimal digits
 */
export function readHotPages(runtime: Uint8Array, text = readFileSync(HOT_PAGES_FILE, "utf8")): Run[] {
  const [first, ...lines] = text.trim().split("\n");
  if (first !== runtimeLine(runtime)) return [];
  return lines.flatMap((line) => line.split(" ").map(readRun));
}

export function formatHotPages(runtime: Uint8Array, runs: readonly Run[]): string {
  const words = runs.map(({ begin, end }) => `${begin.toString(16)}-${end.toString(16)}`);
  const lines = Array.from({ length: Math.ceil(words.length / RUNS_A_LINE) }, (_, index) =>
    words.slice(index * RUNS_A_LINE, (index + 1) * RUNS_A_LINE).join(" "),
  );
  return [runtimeLine(runtime), ...lines, ""].join("\n");
}

const RUNS_A_LINE = 10;

function runtimeLine(runtime: Uint8Array): string {
  return `runtime ${new Bun.CryptoHasher("sha256").update(runtime).digest("hex")}`;
}

function readRun(word: string): Run {
  const match = /^([0-9a-f]{1,8})-([0-9a-f]{1,8})$/.exec(word);
  const [begin, end] = [Number.parseInt(match?.[1] ?? "", 16), Number.parseInt(match?.[2] ?? "", 16)];
  if (begin < end) return { begin, end };
  throw new RangeError(`Cannot read the pages of a boot: ${word} is no run, and FIRST-END was wanted`);
}
