import { expect, test } from "bun:test";
import { AnsweredNodes } from "../../../../cluster/gossip/answered-nodes.ts";

const hear = (nodes: AnsweredNodes, address: number, now: number, isAnswer = true) =>
  nodes.hear(address, now, { isAnswer });

test("an address is proven once it is heard of 15 s after its first answer", () => {
  const nodes = new AnsweredNodes();
  hear(nodes, 5, 0, false);
  expect(nodes.has(5)).toBe(false);
  hear(nodes, 5, 1_000);
  hear(nodes, 5, 15_999);
  expect([nodes.has(5), nodes.isProven(5), nodes.draw(() => 0)]).toEqual([true, false, undefined]);
  hear(nodes, 5, 16_000, false);
  expect([nodes.isProven(5), nodes.draw(() => 0)]).toEqual([true, 5]);
});

test("draw() gives each of those that were not deleted", () => {
  const nodes = new AnsweredNodes();
  for (const now of [0, 15_000]) for (const address of [5, 6, 7, 8]) hear(nodes, address, now);
  for (const address of [6, 8, 9]) nodes.delete(address);
  expect([0, 0.499, 0.5].map((random) => nodes.draw(() => random))).toEqual([5, 5, 7]);
  for (const address of [5, 7]) nodes.delete(address);
  expect([nodes.draw(() => 0), nodes.has(5), nodes.isProven(7)]).toEqual([undefined, false, false]);
});
