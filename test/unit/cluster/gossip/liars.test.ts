import { describe, expect, test } from "bun:test";
import { gatherNodes } from "../../../../cluster/daemon/gather-view.ts";
import type { NodeEntry } from "../../../../cluster/gossip/entry.ts";
import type { Gossip } from "../../../../cluster/gossip/gossip.ts";
import { addressToNumber } from "../../../../system/address/ipv4.ts";
import { allThink, allThinkOf, secondsUntil } from "../../../cluster/opinions.ts";
import { FACTS, SimulatedCluster, WINDOW } from "../../../cluster/simulated-cluster.ts";

const REAL = 6;
const MADE_UP = 500;
const SECONDS = 10;

const entryOf = (address: number, beat: number): NodeEntry => {
  return { ...FACTS, address, id: address & 0xffff, incarnation: 1_000, beat, age: 0, condition: "up" };
};
const madeUp = (beat: number) =>
  Array.from({ length: MADE_UP }, (_, index) => entryOf(SimulatedCluster.address(1_000 + index), beat));

/** What a liar says in one datagram after the other, each with its sender's entry first. */
type Lie = (beat: number) => NodeEntry[][];

/** The liar is a node that answers, and names all others that it makes up. */
const byOne: Lie = (beat) => {
  const liar = entryOf(SimulatedCluster.address(REAL), 1_000_000 + beat);
  const named = madeUp(beat);
  return Array.from({ length: Math.ceil(MADE_UP / (WINDOW - 1)) }, (_, turn) => [
    liar,
    ...named.slice(turn * (WINDOW - 1), (turn + 1) * (WINDOW - 1)),
  ]);
};

/** The liar forges the address of each node that it makes up. */
const byAll: Lie = (beat) => madeUp(beat).map((entry) => [entry]);

const IS_MADE_UP = new Set(madeUp(0).map(({ address }) => address));

/** How many of the made-up nodes a node shows, in that state or in any. */
function countMadeUp(gossip: Gossip, state?: string): number {
  const nodes = gatherNodes(gossip, { aliases: new Map(), uptimeOf: () => 0, now: 0 });
  const shown = nodes.filter(({ address }) => IS_MADE_UP.has(addressToNumber(address)));
  return shown.filter((node) => state === undefined || node.state === state).length;
}

function lieTo(cluster: SimulatedCluster, lie: Lie, look = () => {}): void {
  for (let second = 1; second <= SECONDS; second++) {
    for (const entries of lie(second))
      for (const node of cluster.nodes.slice(0, REAL))
        node.receive({ wantsAnswer: false, entries }, cluster.now);
    cluster.second();
    look();
  }
}

const createCluster = (nodes: number, seed: number) => {
  const cluster = new SimulatedCluster(nodes, { seed, room: 16_384 });
  cluster.seconds(25);
  return cluster;
};

describe("500 nodes that a liar makes up among 6 real ones", () => {
  test("are never up where one node alone names them", () => {
    const cluster = createCluster(REAL + 1, 1);
    lieTo(cluster, byOne, () => {
      for (const node of cluster.nodes) expect(countMadeUp(node)).toBe(0);
    });
    cluster.seconds(20);
    expect(allThink(cluster, "up")).toBe(true);
  });

  test("are gone within a minute where they seem to speak for themselves", () => {
    const cluster = createCluster(REAL, 2);
    lieTo(cluster, byAll);
    const areNone = (state?: string) => () => cluster.nodes.every((node) => countMadeUp(node, state) === 0);
    expect(secondsUntil(cluster, areNone("up"))).toBeLessThan(45);
    expect(secondsUntil(cluster, areNone())).toBeLessThan(25);
    expect(allThink(cluster, "up")).toBe(true);
  });

  test.each<[string, Lie, number]>([
    ["one node names them", byOne, 9],
    ["they seem to speak for themselves", byAll, 15],
  ])("do not hide a death, where %s", (_, lie, limit) => {
    for (let seed = 1; seed <= 5; seed++) {
      const cluster = createCluster(REAL + 1, seed);
      lieTo(cluster, lie);
      cluster.off.add(1);
      expect(secondsUntil(cluster, () => allThinkOf(cluster, 1, "dead"))).toBeLessThanOrEqual(limit);
    }
  });
});
