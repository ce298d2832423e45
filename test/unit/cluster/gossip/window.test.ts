import { expect, test } from "bun:test";
import { NodeTable } from "../../../../cluster/gossip/table.ts";
import { Window } from "../../../../cluster/gossip/window.ts";
import { FACTS } from "../../../cluster/simulated-cluster.ts";

const AGES = [50, 10, 90, 30, 70];

function fill() {
  const table = new NodeTable();
  const window = new Window(table);
  for (const [index, age] of AGES.entries()) {
    const entry = { ...FACTS, address: index + 1, incarnation: 1, beat: 1, age, condition: "up" as const };
    table.insert(entry, 100, 0);
    window.heard(index);
  }
  return { table, window };
}

test("the oldest and the freshest are the living ones, in order, and no more than are wanted", () => {
  const { table, window } = fill();
  expect([window.oldest(3), window.freshest(3)]).toEqual([
    [2, 4, 0],
    [1, 3, 0],
  ]);
  expect([window.oldest(9), window.freshest(9)]).toEqual([
    [2, 4, 0, 3, 1],
    [1, 3, 0, 4, 2],
  ]);
  table.setCondition(2, "dead", { tick: 1, evidence: 0 });
  expect([window.oldest(2), window.freshest(9).includes(2)]).toEqual([[4, 0], false]);
});

test("the freshest of very many are found among those heard last", () => {
  const table = new NodeTable();
  const window = new Window(table);
  for (let index = 0; index < 1_000; index++) {
    const entry = { ...FACTS, address: index + 1, incarnation: 1, beat: 1, age: 0, condition: "up" as const };
    window.heard(table.insert(entry, index, 0)!);
    window.heard(0);
  }
  expect(window.freshest(2)).toEqual([999, 998]);
  table.keep((slot) => slot >= 999);
  expect(window.freshest(2)).toEqual([0]);
});
