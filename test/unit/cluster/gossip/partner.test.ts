import { expect, test } from "bun:test";
import { AnsweredNodes } from "../../../../cluster/gossip/answered-nodes.ts";
import { silentEntry } from "../../../../cluster/gossip/entry.ts";
import { choosePartner } from "../../../../cluster/gossip/partner.ts";
import { NodeTable } from "../../../../cluster/gossip/table.ts";

const DEAD = 0;
const UP = 1;

function fill(): NodeTable {
  const table = new NodeTable();
  for (const condition of ["dead", "up"] as const)
    table.insert({ ...silentEntry(table.size + 1, 1), condition }, 0, 0);
  return table;
}

/** The partner where the first two random numbers are these: which node of all, and whether that one is wanted. */
function choose(anyone: number, chance: number, alive: number): number | undefined {
  const numbers = [anyone, chance];
  const nodes = { table: fill(), answered: new AnsweredNodes(), alive };
  return choosePartner(nodes, () => numbers.shift() ?? 0.9);
}

test.each([
  [2, 1 / 5],
  [5, 1 / 5],
  [100, 1 / 100],
  [10_000, 1 / 10_000],
])("where %d nodes are alive any node, dead or not, is the partner with a chance of %p", (alive, rate) => {
  expect([choose(0, rate * 0.999, alive), choose(0, rate, alive)]).toEqual([DEAD, UP]);
});

test("nobody is the partner of a node that knows nobody", () => {
  expect(
    choosePartner({ table: new NodeTable(), answered: new AnsweredNodes(), alive: 1 }, () => 0),
  ).toBeUndefined();
});
