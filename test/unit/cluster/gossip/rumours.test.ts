import { expect, test } from "bun:test";
import { Rumours } from "../../../../cluster/gossip/rumours.ts";

test("a rumour is believed by its second witness", () => {
  const rumours = new Rumours(9);
  const heard = [rumours.hear(5, 1), rumours.hear(5, 1), rumours.hear(6, 2), rumours.hear(5, 2)];
  expect(heard).toEqual([false, false, false, true]);
});

test("each is probed three times, in turn, and dropped; who tells it again starts anew", () => {
  const rumours = new Rumours(9);
  for (const address of [5, 6, 7]) rumours.hear(address, 1);
  rumours.drop(7);
  expect([1, 2, 3, 4, 5, 6, 7].map(() => rumours.next(1))).toEqual([[5], [6], [5], [6], [5], [6], []]);
  expect(rumours.hear(5, 2)).toBe(false);
});

test("more than there is room for are not remembered", () => {
  const rumours = new Rumours(2);
  for (const address of [5, 6, 7]) rumours.hear(address, 1);
  expect(rumours.next(9)).toEqual([5, 6]);
});
