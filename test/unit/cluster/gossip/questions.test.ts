import { expect, test } from "bun:test";
import { Questions } from "../../../../cluster/gossip/questions.ts";

const all = () => true;

test("a node is asked twice, and has failed where it answers neither; the first question is the evidence", () => {
  const questions = new Questions();
  questions.put(5, 1, 1_000);
  expect([questions.nextToRepeat(1, all), questions.nextToRepeat(2, all)]).toEqual([undefined, 5]);
  expect(questions.takeFailed(2)).toEqual([]);
  questions.put(5, 2, 2_000);
  expect([questions.takeFailed(2), questions.nextToRepeat(2, all)]).toEqual([[], undefined]);
  expect(questions.takeFailed(3)).toEqual([{ address: 5, at: 1_000 }]);
  expect([questions.takeFailed(4), questions.nextToRepeat(4, all)]).toEqual([[], undefined]);
});

test("an answer closes the question", () => {
  const questions = new Questions();
  questions.put(5, 1, 1_000);
  questions.close(5);
  expect(questions.nextToRepeat(2, all)).toBeUndefined();
  questions.put(5, 3, 3_000);
  expect(questions.takeFailed(9)).toEqual([]);
});

test("questions to nodes that are not there are no burden", () => {
  const questions = new Questions();
  for (let address = 1; address <= 9; address++) questions.put(address, 1, 1_000);
  expect(questions.nextToRepeat(2, (address) => address === 5)).toBe(5);
  questions.close(5);
  expect(questions.nextToRepeat(2, (address) => address < 5)).toBeUndefined();
  expect(questions.nextToRepeat(2, all)).toBeUndefined();
});
