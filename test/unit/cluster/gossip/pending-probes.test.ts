import { expect, test } from "bun:test";
import { PendingProbes } from "../../../../cluster/gossip/pending-probes.ts";

const all = () => true;

test("a node is asked each second, and has failed once it has not answered thrice; the first is the evidence", () => {
  const questions = new PendingProbes();
  questions.put(5, 1, 1_000);
  expect(questions.takeLate(1, all)).toEqual([]);
  for (const tick of [2, 3]) {
    expect([questions.failed(tick), questions.takeLate(tick, all)]).toEqual([[], [5]]);
    questions.put(5, tick, 1_000 * tick);
  }
  expect([questions.failed(3), questions.failed(4)]).toEqual([[], [{ address: 5, at: 1_000 }]]);
  expect(questions.takeLate(4, all)).toEqual([5]);
  questions.put(5, 4, 4_000);
  expect([questions.failed(5), questions.takeLate(5, all)]).toEqual([[], [5]]);
});

test("an answer closes the question", () => {
  const questions = new PendingProbes();
  questions.put(5, 1, 1_000);
  expect(questions.isOpen(5)).toBe(true);
  questions.close(5);
  expect([questions.isOpen(5), questions.takeLate(2, all)]).toEqual([false, []]);
  for (const tick of [3, 4]) questions.put(5, tick, 1_000 * tick);
  questions.close(5);
  questions.put(5, 5, 5_000);
  expect(questions.failed(9)).toEqual([]);
});

test("questions to nodes that are not there are no burden", () => {
  const questions = new PendingProbes();
  for (let address = 1; address <= 9; address++) questions.put(address, 1, 1_000);
  expect(questions.takeLate(2, (address) => address === 5)).toEqual([5]);
  questions.close(5);
  expect(questions.takeLate(2, all)).toEqual([]);
});
