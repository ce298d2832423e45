import { expect, test } from "bun:test";
import { viewAge, viewAsOf } from "../../../cluster/view-age.ts";
import { NODES, VIEW } from "./nodes.ts";

const statesOf = (now: number) => viewAsOf(VIEW, now).nodes.map(({ state }) => state);

test("viewAsOf() leaves a view as it is while clumpd writes", () => {
  expect(viewAsOf(VIEW, 69.9)).toBe(VIEW);
  expect(viewAsOf({ ...VIEW, nodes: NODES.slice(1) }, 1_000).problems).toEqual(VIEW.problems);
});

test("viewAsOf() knows no living node, and says so first, once clumpd is silent for 10 s", () => {
  expect(statesOf(70)).toEqual(["silent", "left", "silent", "silent", "dead", "silent"]);
  expect(viewAsOf(VIEW, 90).problems).toEqual([
    "clumpd has been silent for 30 s: nothing newer is known of the nodes",
    ...VIEW.problems,
  ]);
});

test("viewAsOf() knows no living node from the moment on at which clumpd was stopped", () => {
  const stopped = viewAsOf({ ...VIEW, stoppedUptime: 61 }, 64);
  expect(stopped.nodes.map(({ state }) => state)).toEqual(statesOf(70));
  expect(stopped.problems[0]).toBe(
    "clumpd was stopped 3 s ago: nothing newer is known of the nodes; clump start clumpd goes on",
  );
});

test("viewAge() counts from this node's own report", () => {
  expect(viewAge(VIEW, 62.5)).toBe(2.5);
  expect(viewAge(VIEW, 10)).toBe(0);
});
