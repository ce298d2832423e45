import { describe, expect, test } from "bun:test";
import type { Condition, NodeEntry } from "../../../../cluster/gossip/entry.ts";
import { Membership } from "../../../../cluster/gossip/membership.ts";
import { NodeTable } from "../../../../cluster/gossip/table.ts";
import { SUSPICION_TICKS, suspicionMilliseconds } from "../../../../cluster/gossip/timing.ts";
import { FACTS } from "../../../cluster/simulated-cluster.ts";

const ADDRESS = 0x0a000002;
const said = (beat: number, age = 0, condition: Condition = "up", incarnation = 7): NodeEntry => {
  return { ...FACTS, address: ADDRESS, beat, age, condition, incarnation };
};
const nobody = () => [];

function know(...entries: readonly NodeEntry[]) {
  const known = new Membership(new NodeTable());
  for (const entry of entries) known.hearOf(entry, 100_000);
  const condition = () => known.table.condition(known.table.find(ADDRESS)!);
  return { known, condition };
}

describe("a suspicion", () => {
  test("is as old as the question that nobody answered, wherever it is heard of", () => {
    const waited = suspicionMilliseconds(2);
    for (const [age, expected] of [
      [waited - SUSPICION_TICKS, "dead"],
      [0, "suspect"],
    ] as const) {
      const { known, condition } = know(said(1, 20_000), said(1, age, "suspect"));
      for (let tick = 1; tick < SUSPICION_TICKS; tick++) known.tick(100_000 + tick, nobody);
      expect(condition()).toBe("suspect");
      known.tick(100_000 + SUSPICION_TICKS, nobody);
      expect(condition()).toBe(expected);
    }
  });

  test("is ended by what was said after it began, and not by what was said before", () => {
    for (const [entry, expected] of [
      [said(2, 3_001), "suspect"],
      [said(2, 2_999), "up"],
      [said(0, 9_000, "up", 8), "up"],
    ] as const) {
      const { known, condition } = know(said(1, 20_000), said(1, 3_000, "suspect"));
      known.hearOf(entry, 100_000);
      expect(condition()).toBe(expected);
    }
  });

  test("of this node's own comes from a question that failed", () => {
    const { known, condition } = know(said(1, 20_000));
    known.tick(100_000, (tick) => (tick === 1 ? [{ address: ADDRESS, sentAt: 98_000 }] : []));
    expect([condition(), known.table.evidence(0)]).toEqual(["suspect", 98_000]);
  });

  test("is not believed of a node that has spoken since, nor of its life after", () => {
    expect(know(said(1, 1_000), said(1, 2_000, "suspect")).condition()).toBe("up");
    expect(know(said(1, 9_000), said(1, 2_000, "dead", 6)).condition()).toBe("up");
  });
});

describe("knowsBetter()", () => {
  test.each<[string, NodeEntry, NodeEntry[], boolean]>([
    ["newer news", said(1, 1_000), [said(2)], true],
    ["what was said at the same moment to another", said(1, 40), [said(2)], false],
    ["the same", said(2), [said(2)], false],
    ["older news", said(3), [said(2)], false],
    ["a later life", said(9), [said(1, 0, "up", 8)], true],
    ["an earlier life", said(1, 0, "up", 9), [said(5, 0, "up", 8)], false],
    ["a death", said(2, 5_000), [said(2, 5_000), said(2, 1_000, "dead")], true],
    ["nothing", { ...said(1), address: 5 }, [said(2)], false],
  ])("where %s is known: %#", (_, told, heard, expected) => {
    expect(know(...heard).known.knowsBetter(told, 100_000, 0) !== undefined).toBe(expected);
  });
});

test("what is news is passed on for a while, the latest first", () => {
  const { known } = know(said(1), { ...said(1), address: ADDRESS + 1 });
  expect(known.takeBroadcasts(5)).toEqual([1, 0]);
  known.farewell(ADDRESS, 100_000);
  expect(known.takeBroadcasts(1)).toEqual([0]);
  for (let tick = 0; tick < 20; tick++) known.tick(100_000, nobody);
  expect(known.takeBroadcasts(5)).toEqual([]);
});

test("a node that does not gossip is no news, however often it is discovered", () => {
  const { known } = know(said(1));
  for (let times = 0; times < 3; times++) known.discover(ADDRESS + 1, 2, 100_000);
  expect(known.takeBroadcasts(5)).toEqual([0]);
});

test("dead nodes are forgotten after an hour, and after a minute where the table is more than half full", () => {
  for (const [room, ticks] of [
    [4, 3_600],
    [3, 60],
  ] as const) {
    const known = new Membership(new NodeTable(room));
    known.hearOf(said(1), 100_000);
    known.hearOf({ ...said(1), address: ADDRESS + 1 }, 100_000);
    known.farewell(ADDRESS, 100_000);
    for (let tick = 1; tick < ticks; tick++) known.tick(100_000, nobody);
    expect(known.table.find(ADDRESS)).toBe(0);
    known.tick(100_000, nobody);
    expect([known.table.find(ADDRESS), known.table.find(ADDRESS + 1)]).toEqual([undefined, 0]);
  }
});
