import { expect, test } from "bun:test";
import { BroadcastQueue } from "../../../../cluster/gossip/broadcast-queue.ts";

function queueOf(...addresses: readonly number[]): BroadcastQueue {
  const queue = new BroadcastQueue(4);
  for (const address of addresses) queue.add(address);
  return queue;
}

test("what was told least often is told next, of that the latest", () => {
  const queue = queueOf(1, 2, 3);
  expect([queue.take(2), queue.take(2), queue.take(2)]).toEqual([
    [3, 2],
    [1, 3],
    [2, 1],
  ]);
  queue.add(3);
  expect(queue.take(1)).toEqual([3]);
});

test("the oldest makes room, or is dropped", () => {
  const queue = queueOf(1, 2, 3, 4, 5);
  expect(queue.take(9)).toEqual([5, 4, 3, 2]);
  queue.dropUntil((address) => address > 3);
  expect(queue.take(9)).toEqual([5, 4]);
});
