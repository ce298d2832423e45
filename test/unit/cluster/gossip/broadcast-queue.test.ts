import { expect, test } from "bun:test";
import { BroadcastQueue } from "../../../../cluster/gossip/broadcast-queue.ts";

function newsOf(...slots: readonly number[]): BroadcastQueue {
  const news = new BroadcastQueue(4);
  for (const slot of slots) news.add(slot);
  return news;
}

test("what was told least often is told next, of that the latest", () => {
  const news = newsOf(1, 2, 3);
  expect([news.take(2), news.take(2), news.take(2)]).toEqual([
    [3, 2],
    [1, 3],
    [2, 1],
  ]);
  news.add(3);
  expect(news.take(1)).toEqual([3]);
});

test("the oldest makes room, or is dropped", () => {
  const news = newsOf(1, 2, 3, 4, 5);
  expect(news.take(9)).toEqual([5, 4, 3, 2]);
  news.dropUntil((slot) => slot > 3);
  expect(news.take(9)).toEqual([5, 4]);
  news.clear();
  expect(news.take(9)).toEqual([]);
});
