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
const anywhere = () => true;
const create = (table = new NodeTable()) => new Membership(table, anywhere);

function know(...entries: readonly NodeEntry[]) {
  const known = create();
  for (const entry of entries) known.hear(entry, 100_000, entry.address);
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
      known.hear(entry, 100_000, entry.address);
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
    const known = create(new NodeTable(room));
    for (const address of [ADDRESS, ADDRESS + 1]) {
      known.hear({ ...said(1), address }, 100_000, address);
      known.answered.hear(address, 0, { isAnswer: true });
    }
    known.farewell(ADDRESS, 100_000);
    for (let tick = 1; tick < ticks; tick++) known.tick(100_000, nobody);
    expect(known.table.find(ADDRESS)).toBe(0);
    known.tick(100_000, nobody);
    expect([known.table.find(ADDRESS), known.table.find(ADDRESS + 1)]).toEqual([undefined, 0]);
  }
});

describe("a node that others name", () => {
  const [FIRST, SECOND] = [ADDRESS + 1, ADDRESS + 2];
  const createWith = (...answered: readonly number[]) => {
    const known = create();
    for (const address of answered) known.answered.hear(address, 0, { isAnswer: true });
    return known;
  };

  test("is up where two say so that have answered, and where it says so itself", () => {
    const known = createWith(FIRST, SECOND);
    known.hear(said(1), 100_000, FIRST);
    known.hear(said(2), 100_000, FIRST);
    expect([known.alive, known.rumours.next(9)]).toEqual([1, [ADDRESS]]);
    known.hear(said(2), 100_000, SECOND);
    expect([known.alive, known.rumours.next(9)]).toEqual([2, []]);
    const other = createWith(FIRST);
    other.hear(said(1), 100_000, FIRST);
    other.hear(said(2), 100_000, ADDRESS);
    expect([other.alive, other.rumours.next(9)]).toEqual([2, []]);
  });

  test("is not even asked where those who say so never answered", () => {
    const known = createWith();
    for (const from of [FIRST, SECOND]) known.hear(said(1), 100_000, from);
    expect([known.table.size, known.rumours.next(9)]).toEqual([0, []]);
  });

  test("needs no second witness where it was up here before", () => {
    const known = createWith();
    known.hear(said(1, 9_000), 100_000, ADDRESS);
    known.hear(said(1, 5_000, "dead"), 100_000, FIRST);
    known.hear(said(2, 1_000), 100_000, FIRST);
    expect(known.table.condition(0)).toBe("up");
  });

  test("makes room for a node that speaks for itself where the table is full", () => {
    const known = create(new NodeTable(2));
    for (const now of [0, 20_000]) known.answered.hear(FIRST, now, { isAnswer: true });
    for (const address of [ADDRESS, FIRST]) known.hear({ ...said(1), address }, 100_000, address);
    known.tick(100_000, nobody);
    known.hear({ ...said(1), address: SECOND }, 100_000, SECOND);
    expect([ADDRESS, FIRST, SECOND].map((address) => known.table.find(address))).toEqual([undefined, 0, 1]);
    expect(known.alive).toBe(3);
  });
});

test("a node outside the network is not taken in, whoever names it", () => {
  const known = new Membership(new NodeTable(), (address) => address !== ADDRESS);
  known.hear(said(1), 100_000, ADDRESS);
  expect([known.discover(ADDRESS, 1, 100_000), known.table.size]).toEqual([false, 0]);
});

test("a node that does not gossip is dead once it has not answered twice, and there again with its next word", () => {
  const known = create();
  known.discover(ADDRESS, 5, 100_000);
  for (let tick = 0; tick < 120; tick++) known.tick(100_000, nobody);
  known.discover(ADDRESS, 5, 220_000);
  expect(known.table.entry(0, 221_000)).toMatchObject({ condition: "silent", age: 1_000 });
  for (let tick = 0; tick < 120; tick++) known.tick(230_000, nobody);
  expect(known.table.condition(0)).toBe("silent");
  for (let tick = 0; tick < 20; tick++) known.tick(360_000, nobody);
  expect([known.table.condition(0), known.takeBroadcasts(9)]).toEqual(["dead", []]);
  known.discover(ADDRESS, 5, 400_000);
  expect(known.table.condition(0)).toBe("silent");
});
