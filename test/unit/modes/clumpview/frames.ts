/** The pages whose every character is kept in frames/; run by itself, this file draws them anew. */

import { writeFileSync } from "node:fs";
import type { MovesReport } from "../../../../cluster/moves-report.ts";
import { type Choice, FIRST_CHOICE } from "../../../../modes/clumpview/choice.ts";
import { view } from "../../../../modes/clumpview/view.ts";
import type { ViewState } from "../../../../modes/clumpview/view-state.ts";
import { makeReport } from "../../cluster/moves.ts";
import { CLUSTER, CONFIGURED, demoState, STATUSES, stateOf } from "./states.ts";

type Size = readonly [width: number, height: number];

const SIZES: readonly Size[] = [
  [80, 25],
  [132, 43],
  [160, 50],
  [40, 12],
];
const SERIAL: Size = [80, 24];
const SMALL_AND_USUAL: readonly Size[] = [
  [80, 25],
  [40, 12],
];

export interface GoldenFrame {
  readonly name: string;
  readonly state: () => ViewState;
  readonly width: number;
  readonly height: number;
}

/** More than fit, with a name that would steer a terminal, and a long reason. */
const MANY: MovesReport = {
  ...makeReport(),
  jobs: [
    ...makeReport().jobs,
    ...Array.from({ length: 120 }, (_, index) => ({
      ...makeReport().jobs[2]!,
      ...{ pid: 4_194_000 + index, name: "a\x1b[2Jfifteen-bytes", address: "192.168.1.78" },
    })),
  ],
  stays: [
    {
      ...makeReport().stays[0]!,
      why: "Process #4714 is unmovable: has the child 4715 (cat), which uses a fifo (/run/queue); has the child 4716 (sh), which is stopped",
    },
  ],
};

function at(sizes: readonly Size[], name: string, state: () => ViewState): GoldenFrame[] {
  return sizes.map(([width, height]) => ({ name, state, width, height }));
}

function choosing(nodes: number, choice: Partial<Choice>): () => ViewState {
  return () => ({ ...demoState(nodes), choice: { ...FIRST_CHOICE, ...choice } });
}

export const FRAMES: readonly GoldenFrame[] = [
  ...Object.entries(STATUSES).flatMap(([name, status]) =>
    at([...SIZES, SERIAL], name, () => stateOf(status)),
  ),
  ...at(SIZES, "cluster", () => ({ ...stateOf(CONFIGURED), cluster: CLUSTER })),
  ...at(SMALL_AND_USUAL, "long-name", () => ({ ...stateOf(STATUSES["crowded"]), cluster: CLUSTER })),
  ...[1, 20, 254].flatMap((nodes) => at(SIZES, `nodes-${nodes}`, choosing(nodes, {}))),
  ...at(SMALL_AND_USUAL, "memory", choosing(20, { page: "bars", labels: "vertical", measure: "memory" })),
  ...at(SMALL_AND_USUAL, "sorted", choosing(254, { page: "table", order: "load", selected: "10.0.0.9" })),
  ...at(SMALL_AND_USUAL, "filter", choosing(254, { filter: "dead", isTyping: true })),
  ...at(SMALL_AND_USUAL, "detail", choosing(20, { over: "detail", selected: "10.0.0.16" })),
  ...at(SIZES, "jobs", choosing(20, { page: "jobs" })),
  ...at(SMALL_AND_USUAL, "jobs-many", () => ({
    ...stateOf(CONFIGURED),
    cluster: CLUSTER,
    moves: MANY,
    choice: { ...FIRST_CHOICE, page: "jobs", jobsPage: -1 },
  })),
  ...at(SMALL_AND_USUAL, "jobs-none", () => ({
    ...stateOf(CONFIGURED),
    choice: { ...FIRST_CHOICE, page: "jobs" },
  })),
  ...at(SMALL_AND_USUAL, "help", choosing(20, { over: "help" })),
  ...at(SMALL_AND_USUAL, "departure", () => ({
    ...stateOf(CONFIGURED),
    moves: makeReport(),
    departure: { secondsLeft: 57, stays: [] },
  })),
  ...at(SMALL_AND_USUAL, "departure-slurm", () => ({
    ...stateOf(CONFIGURED),
    departure: { secondsLeft: 57, stays: [], slurm: "requeue" },
  })),
  ...at(SMALL_AND_USUAL, "departure-asks", () => ({
    ...stateOf(CONFIGURED),
    departure: {
      secondsLeft: 30,
      stays: ["Cannot move process 76 (cc1) of 192.168.1.78: node 78 has 3 MB free"],
    },
  })),
  ...at(SMALL_AND_USUAL, "countdown", () => ({ ...stateOf(CONFIGURED), countdown: 5 })),
];

if (import.meta.main) {
  for (const { name, state, width, height } of FRAMES) {
    const text = view(state(), width, height).lines().join("\n");
    writeFileSync(`${import.meta.dir}/frames/${name}-${width}x${height}.txt`, `${text}\n`);
  }
}
