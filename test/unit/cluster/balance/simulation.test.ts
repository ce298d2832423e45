import { expect, test } from "bun:test";
import { type Scheduler, simulate, spread } from "../../../cluster/balance-simulation.ts";

const [SEEDS, SECONDS] = [[1, 2], 250];

function meanOf(nodes: number, homes: number, scheduler: Scheduler) {
  const results = SEEDS.map((seed) => simulate({ nodes, homes, seconds: SECONDS, scheduler, seed }));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    slowdown: mean(results.map(({ slowdown }) => slowdown)),
    moves: mean(results.map(({ movesPerJob }) => movesPerJob)),
    most: Math.max(...results.map(({ mostMoves }) => mostMoves)),
  };
}

test("on 16 nodes at 70 % load jobs are little slower than under a scheduler that knows all and moves a job once", () => {
  const [ours, knowing, none] = [
    meanOf(16, 16, "ours"),
    meanOf(16, 16, "knowing-once"),
    meanOf(16, 16, "none"),
  ];
  expect(ours.slowdown).toBeLessThan(1.1 * knowing.slowdown);
  expect(ours.slowdown).toBeLessThan(0.9 * none.slowdown);
  expect(ours.moves).toBeLessThan(0.3);
  // No job flutters: it stays twice as long on each node, and the longest needs 500 s.
  expect(ours.most).toBeLessThanOrEqual(8);
});

test("a node to which all jobs of four come keeps up", () => {
  const [ours, none] = [meanOf(4, 1, "ours"), meanOf(4, 1, "none")];
  expect(ours.slowdown).toBeLessThan(0.2 * none.slowdown);
});

test("20 jobs that come to one of four nodes at once are spread within 10 s", () => {
  // For two seconds all are too short to move.
  expect(spread(4, 20).seconds).toBeLessThan(10);
});
