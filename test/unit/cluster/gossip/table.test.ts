import { describe, expect, test } from "bun:test";
import { silentEntry } from "../../../../cluster/gossip/entry.ts";
import { NodeTable } from "../../../../cluster/gossip/table.ts";

const fill = (table: NodeTable, count: number) =>
  Array.from({ length: count }, (_, index) => table.insert(silentEntry(1_000 + 3 * index, 1), 0, 0));

describe("NodeTable", () => {
  test("finds each of many after it has grown, and nobody else", () => {
    const table = new NodeTable(5_000);
    fill(table, 5_000);
    for (let index = 0; index < 5_000; index++) expect(table.find(1_000 + 3 * index)).toBe(index);
    expect(table.find(1_001)).toBeUndefined();
  });

  test("takes no more than it may", () => {
    const table = new NodeTable(100);
    expect(fill(table, 101).at(-1)).toBeUndefined();
    expect(table.size).toBe(100);
  });

  test("keeps the wanted in their order, with all that is known of them", () => {
    const table = new NodeTable();
    fill(table, 10);
    table.setCondition(9, "dead", { tick: 77, evidence: 450 });
    table.update(9, { ...silentEntry(1_027, 5), beat: 8, age: 100 }, 500);
    table.keep((slot) => slot % 3 === 0);
    expect([table.size, table.find(1_027), table.find(1_003)]).toEqual([4, 3, undefined]);
    expect(table.entry(3, 1_000)).toMatchObject({ id: 5, beat: 8, condition: "dead", age: 600 });
    expect(table.told(3, 1_000)).toMatchObject({ beat: 8, age: 550 });
    expect([table.since(3), table.condition(1)]).toEqual([77, "silent"]);
  });

  test("keeps the hardware address of a node where an older node passes on an entry without one", () => {
    const table = new NodeTable();
    table.insert({ ...silentEntry(1_000, 1), mac: 0x5254_0012_3456, processor: 0x030f }, 0, 0);
    table.update(0, silentEntry(1_000, 1), 10);
    expect(table.entry(0, 10)).toMatchObject({ mac: 0x5254_0012_3456, processor: 0x030f });
    table.update(0, { ...silentEntry(1_000, 1), mac: 7 }, 20);
    expect(table.entry(0, 20).mac).toBe(7);
  });

  test("never lets information grow younger without its being newer", () => {
    const table = new NodeTable();
    fill(table, 1);
    table.update(0, { ...silentEntry(1_000, 1), age: 10 }, 1_000);
    table.update(0, { ...silentEntry(1_000, 1), age: 900 }, 1_000);
    expect(table.producedAt(0)).toBe(990);
  });
});
