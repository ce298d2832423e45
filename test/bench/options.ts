/** The options of `npm run bench`. */

import { readOptions, wholeNumber } from "../../assets/command-line/options.ts";

export interface BenchOptions {
  /** Boots of each contestant; the median counts. */
  readonly rounds: number;
  /** Whether to look for the smallest memory that a contestant boots with. */
  readonly floor: boolean;
  /** Whether the busybox images are measured too. */
  readonly peers: boolean;
  /** Whether the cost of clumpview and clumpweb on this machine is measured. */
  readonly views: boolean;
  /** Whether it is measured what moves of processes cost. */
  readonly moves: boolean;
  /** Whether instructions are counted, and nothing else is measured. */
  readonly instructions: boolean;
  /** The dist/ of another checkout, whose image is measured too. */
  readonly beside: string | undefined;
}

const OPTIONS = {
  rounds: { default: 5, describe: "boots of each contestant; the median counts", requiresArg: true },
  floor: { type: "boolean", default: true, describe: "also look for the smallest memory" },
  peers: { type: "boolean", default: true, describe: "also measure busybox images of the same packages" },
  views: { type: "boolean", default: true, describe: "also measure clumpview and clumpweb on this machine" },
  moves: { type: "boolean", default: true, describe: "also measure moves of processes" },
  instructions: {
    type: "boolean",
    default: false,
    describe: "only count the instructions of one boot each, which are the same on every machine",
  },
  beside: {
    type: "string",
    describe: "dist/ of another checkout, whose image is measured in turn with this one",
    requiresArg: true,
  },
} as const;

/** Reads the command line; `--help` prints, and ends the program. @throws RangeError */
export function readBenchOptions(argv: readonly string[]): BenchOptions {
  const does =
    "Measures boot time, memory and size of the image, the cost of clumpview and clumpweb, and moves of processes.";
  const { rounds, floor, peers, views, moves, instructions, beside } = readOptions(
    { call: "npm run bench", does, options: OPTIONS },
    argv,
  );
  const whole = wholeNumber("rounds", rounds, { from: 1 });
  return { rounds: whole, floor, peers, views, moves, instructions, beside };
}
