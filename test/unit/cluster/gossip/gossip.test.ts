import { describe, expect, test } from "bun:test";
import { STANDARD_SPEED } from "../../../../cluster/gossip/entry.ts";
import type { Gossip } from "../../../../cluster/gossip/gossip.ts";
import { newsTicks, suspicionMilliseconds } from "../../../../cluster/gossip/timing.ts";
import { FACTS, SimulatedCluster, WINDOW } from "../../../cluster/simulated-cluster.ts";

const pairs = (cluster: SimulatedCluster, wanted: string) => {
  const on = cluster.nodes.map((_, index) => index).filter((index) => !cluster.off.has(index));
  return on.every((by) => on.every((of) => of === by || cluster.condition(of, by) === wanted));
};
const everybodyThinks = (cluster: SimulatedCluster, of: number, wanted: string) =>
  cluster.nodes.every((_, by) => by === of || cluster.off.has(by) || cluster.condition(of, by) === wanted);

const agesOf = ({ table }: Gossip, now: number) =>
  Array.from({ length: table.size }, (_, slot) => now - table.producedAt(slot));

function secondsUntil(cluster: SimulatedCluster, condition: () => boolean, limit = 60): number {
  let seconds = 0;
  while (!condition() && seconds < limit) {
    cluster.second();
    seconds++;
  }
  return seconds;
}

describe("the gossip of few nodes", () => {
  test.each([3, 4, 5])("%p nodes: a death is known to all within 10 s, whenever it happens", (count) => {
    for (let seed = 1; seed <= 50; seed++) {
      const cluster = new SimulatedCluster(count, { seed });
      cluster.seconds(seed % 7);
      cluster.off.add(1);
      expect(secondsUntil(cluster, () => everybodyThinks(cluster, 1, "dead"))).toBeLessThanOrEqual(10);
    }
  });

  test("nodes that know one are soon known to all", () => {
    const cluster = new SimulatedCluster(5, { acquainted: false });
    for (const node of cluster.nodes.slice(1)) node.discover(SimulatedCluster.address(0), 1, cluster.now);
    expect(secondsUntil(cluster, () => pairs(cluster, "up"))).toBeLessThanOrEqual(8);
  });

  test("a node that comes back is up again, in a new life, even where its clock went back", () => {
    for (const incarnation of [2_000, 1_000, 5]) {
      const cluster = new SimulatedCluster(4);
      cluster.seconds(5);
      cluster.off.add(2);
      secondsUntil(cluster, () => everybodyThinks(cluster, 2, "dead"));
      const node = cluster.restart(2, incarnation);
      node.discover(SimulatedCluster.address(0), 1, cluster.now);
      expect(secondsUntil(cluster, () => pairs(cluster, "up"))).toBeLessThan(30);
      expect(node.incarnation).toBeGreaterThanOrEqual(incarnation === 2_000 ? 2_000 : 1_001);
    }
  });

  test("a node that leaves has left at once, and is not taken for dead", () => {
    const cluster = new SimulatedCluster(5);
    cluster.seconds(5);
    for (const letter of cluster.nodes[3]!.leave(8)) cluster.deliver(3, letter);
    cluster.off.add(3);
    expect(everybodyThinks(cluster, 3, "left")).toBe(true);
    cluster.seconds(30);
    expect(everybodyThinks(cluster, 3, "left")).toBe(true);
  });

  test("a goodbye that somebody forged is undone by what the node says next", () => {
    const cluster = new SimulatedCluster(3);
    cluster.seconds(5);
    cluster.nodes[0]!.farewell(SimulatedCluster.address(1), cluster.now);
    expect(cluster.condition(1, 0)).toBe("left");
    cluster.seconds(20);
    expect(pairs(cluster, "up")).toBe(true);
  });

  test.each([0xffffffff, 1_000 + 2 ** 31, 1_000])(
    "a life that somebody forged, %d, is outlived",
    (incarnation) => {
      for (const condition of ["up", "dead"] as const) {
        const cluster = new SimulatedCluster(4);
        cluster.seconds(5);
        const victim = cluster.nodes[1]!;
        const forged = {
          ...FACTS,
          address: victim.address,
          incarnation,
          beat: 0xffffffff,
          age: 0,
          condition,
        };
        for (const index of [0, 2, 3]) {
          cluster.nodes[index]!.receive({ wantsAnswer: false, entries: [forged] }, cluster.now);
        }
        cluster.seconds(10);
        const load = 77;
        victim.own = { ...victim.own, load };
        cluster.seconds(10);
        expect(pairs(cluster, "up")).toBe(true);
        for (const index of [0, 2, 3]) {
          const { table } = cluster.nodes[index]!;
          expect(table.entry(table.find(victim.address)!, cluster.now).load).toBe(load);
        }
      }
    },
  );

  test("a network that is cut in two kills the other half on each side, and heals", () => {
    const cluster = new SimulatedCluster(6);
    cluster.seconds(5);
    cluster.reaches = (from, to) => from < 3 === to < 3;
    secondsUntil(cluster, () => cluster.condition(5, 0) === "dead" && cluster.condition(0, 5) === "dead");
    cluster.seconds(20);
    expect([cluster.condition(1, 0), cluster.condition(4, 0)]).toEqual(["up", "dead"]);
    cluster.reaches = () => true;
    expect(secondsUntil(cluster, () => pairs(cluster, "up"))).toBeLessThan(30);
  });

  test("a node that is held up for a while and then goes on accuses nobody", () => {
    const cluster = new SimulatedCluster(4);
    cluster.seconds(5);
    cluster.now += 60_000;
    cluster.second();
    for (const by of [0, 1, 2, 3]) {
      expect([0, 1, 2, 3].every((of) => cluster.condition(of, by) !== "dead")).toBe(true);
    }
    cluster.seconds(5);
    expect(pairs(cluster, "up")).toBe(true);
  });

  test("one message in ten lost kills nobody", () => {
    const cluster = new SimulatedCluster(5);
    let turn = 0;
    cluster.reaches = () => ++turn % 10 !== 0;
    for (let second = 0; second < 300; second++) {
      cluster.second();
      for (const by of cluster.nodes.keys()) {
        for (const of of cluster.nodes.keys()) expect(cluster.condition(of, by)).not.toBe("dead");
      }
    }
  });

  test("two that cannot reach each other do not take each other for dead while others reach both", () => {
    const cluster = new SimulatedCluster(5);
    cluster.reaches = (from, to) => from + to !== 1;
    for (let second = 0; second < 300; second++) {
      cluster.second();
      for (const by of cluster.nodes.keys()) {
        for (const of of cluster.nodes.keys()) expect(cluster.condition(of, by)).not.toBe("dead");
      }
    }
  });

  test.each([
    [1, "up"],
    [2, "suspect"],
  ])("%d questions without an answer leave a node %s", (lost, expected) => {
    const cluster = new SimulatedCluster(2);
    const [asker, asked] = cluster.nodes as [Gossip, Gossip];
    let condition = "";
    for (let tick = 0; tick < 3; tick++) {
      const letter = asker.tick(cluster.now + 1_000 * tick);
      condition = cluster.condition(1, 0);
      const answer = tick < lost || !letter ? undefined : asked.receive(letter.message, cluster.now);
      if (answer) asker.receive(answer.message, cluster.now + 1_000 * tick);
    }
    expect(condition).toBe(expected);
  });

  test("whoever is asked tells what it knows better, and first of what the asker has named as its oldest", () => {
    const cluster = new SimulatedCluster(120);
    cluster.seconds(20);
    const [asker, asked] = cluster.nodes as [Gossip, Gossip];
    const { message } = asker.ask(asked.address, cluster.now);
    const ages = new Map(message.entries.map(({ address, age }) => [address, age]));
    const oldest = asker.table.size > 0 ? Math.max(...agesOf(asker, cluster.now)) : 0;
    expect(Math.max(...ages.values())).toBe(oldest);
    const answer = asked.receive(message, cluster.now)?.message.entries ?? [];
    expect(answer.length).toBeGreaterThan(5);
    for (const { address, age } of answer.slice(1)) expect(age).toBeLessThan(ages.get(address) ?? 0);
    expect(answer.filter(({ address }) => (ages.get(address) ?? 0) > oldest / 2).length).toBeGreaterThan(3);
  });

  test("whoever knows few is told of others by the first it asks", () => {
    const cluster = new SimulatedCluster(12);
    cluster.seconds(30);
    const [newcomer, asked] = [cluster.restart(0, 2_000), cluster.nodes[1]!];
    const { message } = newcomer.ask(asked.address, cluster.now);
    const answer = asked.receive(message, cluster.now)?.message.entries ?? [];
    const others = cluster.nodes.slice(1).map(({ address }) => address);
    expect(answer.map(({ address }) => address)).toEqual(expect.arrayContaining(others));
  });

  test("a message holds this node first, what the partner is thought to be, and no more than its window", () => {
    const cluster = new SimulatedCluster(60);
    cluster.seconds(3);
    const [first] = cluster.nodes;
    const message = first!.ask(SimulatedCluster.address(7), cluster.now).message;
    expect(message.entries.length).toBe(WINDOW);
    expect(message.entries[0]).toMatchObject({ address: first!.address, age: 0, speed: STANDARD_SPEED });
    first!.farewell(SimulatedCluster.address(7), cluster.now);
    const again = first!.ask(SimulatedCluster.address(7), cluster.now).message;
    expect(again.entries[1]).toMatchObject({ address: SimulatedCluster.address(7), condition: "left" });
  });

  test("a node of openMosix, which never gossips, is neither suspected nor forgotten while it is heard of", () => {
    const cluster = new SimulatedCluster(2);
    const stranger = 0x0a00ff01;
    for (let second = 0; second < 4_000; second++) {
      if (second % 600 === 0) cluster.nodes[0]!.discover(stranger, 9, cluster.now);
      cluster.second();
    }
    const { table } = cluster.nodes[0]!;
    expect(table.condition(table.find(stranger)!)).toBe("silent");
    cluster.seconds(3_700);
    expect(table.find(stranger)).toBeUndefined();
  });
});

describe("254 nodes", () => {
  const cluster = new SimulatedCluster(254);
  cluster.seconds(40);

  test("suspect nobody wrongly, and none knows anything very old of another", () => {
    expect(pairs(cluster, "up")).toBe(true);
    const { mean, meanWorst } = cluster.ages();
    expect([mean < 10, meanWorst < 22]).toEqual([true, true]);
  });

  test("send the same each second", () => {
    expect(cluster.datagrams / 254 / 40).toBeLessThanOrEqual(2);
    expect(cluster.bytes / 254 / 40).toBeLessThan(1_850);
  });

  test("all know of a death within 16 s", () => {
    cluster.off.add(100);
    expect(secondsUntil(cluster, () => everybodyThinks(cluster, 100, "dead"))).toBeLessThanOrEqual(16);
  });
});

test("times grow with the logarithm of the cluster", () => {
  expect([1, 5, 254, 10_000].map(suspicionMilliseconds).map(Math.round)).toEqual([
    4_000, 4_563, 5_938, 7_224,
  ]);
  expect([1, 5, 254, 10_000].map(newsTicks)).toEqual([3, 7, 15, 22]);
});
