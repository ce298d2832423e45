/** How long a process stands still while it moves, with the kernel and the criu(8) of a node. */

import { unpackedCriu } from "../../../labs/cluster/criu.ts";
import { formatTable } from "../../table.ts";
import { PERCENT } from "../freeze.ts";
import { runInMachine } from "./machine.ts";

/** That of the image, by default. */
export const SUITE = "bookworm";
export const MEGABYTES = [10, 200] as const;

const HEADS = ["a process stands still, on the kernel of a node, emulated", "ms", "as a multiple", "aim"];
const START_SECONDS = 180;
const ROUND_SECONDS = 60;

/** The table. @throws Error where Debian's mirror does not answer, and nothing is cached */
export async function formatPauses(rounds: number): Promise<string> {
  // The machine has no network.
  await unpackedCriu(SUITE);
  const words = ["node_modules/.bin/bun", "test/bench/moves/machine/standstill.ts", String(rounds)];
  const said = await runInMachine(words, START_SECONDS + rounds * ROUND_SECONDS);
  const figures: unknown = JSON.parse(/^\{.*\}$/m.exec(said)?.[0] ?? "null");
  const { alone, moves } = figures as { readonly alone: number; readonly moves: readonly [number, number] };
  const [small, large] = moves;
  const row = (name: string, value: number, to: number, aim: string) => [
    ...[name, value.toFixed(0), (value / to).toFixed(2), aim],
  ];
  const named = (megabytes: number) => `a move: ${megabytes} MB, ${PERCENT} % of them change a second`;
  return formatTable(HEADS, [
    row(`criu alone: dump and restore of ${MEGABYTES[0]} MB`, alone, alone, ""),
    row(`${named(MEGABYTES[0])}; of criu alone`, small, alone, "≤ 1.3"),
    row(`${named(MEGABYTES[1])}; of ${MEGABYTES[0]} MB`, large, small, "≤ 2"),
  ]);
}
