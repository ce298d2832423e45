import { describe, expect, test } from "bun:test";
import type { Gossip } from "../../../../cluster/gossip/gossip.ts";
import { broadcastTicks, suspicionMilliseconds } from "../../../../cluster/gossip/timing.ts";
import { STANDARD_SPEED } from "../../../../probes/speed.ts";
import { allThink, allThinkOf, secondsUntil } from "../../../cluster/opinions.ts";
import { FACTS, SimulatedCluster, WINDOW } from "../../../cluster/simulated-cluster.ts";

const agesOf = ({ table }: Gossip, now: number) =>
  Array.from({ length: table.size }, (_, slot) => now - table.producedAt(slot));

describe("the gossip of few nodes", () => {
  test("nodes that know one are soon known to all", () => {
    const cluster = new SimulatedCluster(5, { acquainted: false });
    for (const node of cluster.nodes.slice(1)) node.discover(SimulatedCluster.address(0), 1, cluster.now);
    expect(secondsUntil(cluster, () => allThink(cluster, "up"))).toBeLessThanOrEqual(8);
  });

  test("a node that comes back is up again, in a new life, even where its clock went back", () => {
    for (const incarnation of [2_000, 1_000, 5]) {
      const cluster = new SimulatedCluster(4);
      cluster.seconds(5);
      cluster.off.add(2);
      secondsUntil(cluster, () => allThinkOf(cluster, 2, "dead"));
      const node = cluster.restart(2, incarnation);
      node.discover(SimulatedCluster.address(0), 1, cluster.now);
      expect(secondsUntil(cluster, () => allThink(cluster, "up"))).toBeLessThan(30);
      expect(node.incarnation).toBeGreaterThanOrEqual(incarnation === 2_000 ? 2_000 : 1_001);
    }
  });

  test("a node that leaves has left at once, and is not taken for dead", () => {
    const cluster = new SimulatedCluster(5);
    cluster.seconds(5);
    for (const outgoing of cluster.nodes[3]!.leave(8)) cluster.deliver(3, outgoing);
    cluster.off.add(3);
    expect(allThinkOf(cluster, 3, "left")).toBe(true);
    cluster.seconds(30);
    expect(allThinkOf(cluster, 3, "left")).toBe(true);
  });

  test("a goodbye that somebody forged is undone by what the node says next", () => {
    const cluster = new SimulatedCluster(3);
    cluster.seconds(5);
    cluster.nodes[0]!.farewell(SimulatedCluster.address(1), cluster.now);
    expect(cluster.condition(1, 0)).toBe("left");
    cluster.seconds(20);
    expect(allThink(cluster, "up")).toBe(true);
  });

  test("who is reminded of a later life of its own takes the one after that", () => {
    const cluster = new SimulatedCluster(2);
    cluster.seconds(3);
    const [first] = cluster.nodes as [Gossip, Gossip];
    const reborn = cluster.restart(1, 5);
    const { message } = first.remind(reborn.address, { incarnation: 1_000, beat: 9 });
    expect(message.entries.map(({ address }) => address)).toEqual([first.address, reborn.address]);
    reborn.receive(message, cluster.now);
    expect(reborn.incarnation).toBe(1_001);
    reborn.receive(first.remind(reborn.address, { incarnation: 1_001, beat: 9 }).message, cluster.now);
    expect(reborn.incarnation).toBe(1_002);
  });

  test("a node whose clock starts at the same second each time is told by the first it asks", () => {
    const cluster = new SimulatedCluster(20);
    cluster.seconds(20);
    const [first] = cluster.nodes as [Gossip];
    const reborn = cluster.restart(1, 1_000);
    const { message } = reborn.ask(first.address, cluster.now);
    for (const { message: answer } of first.receive(message, cluster.now))
      reborn.receive(answer, cluster.now);
    expect(reborn.incarnation).toBe(1_001);
  });

  test("nobody is met at an address that no machine has", () => {
    const [first] = new SimulatedCluster(1).nodes as [Gossip];
    const [sender, ...others] = [0x0a000002, 0, 0x7f000001, 0xefc00001, 0xffffffff].map((address) => ({
      ...FACTS,
      address,
      incarnation: 1,
      beat: 1,
      age: 0,
      condition: "up" as const,
    }));
    for (const { address } of others) first.discover(address, 1, 0);
    first.receive({ wantsAnswer: false, entries: [sender!, ...others] }, 0);
    expect([first.table.size, first.alive]).toEqual([1, 2]);
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
        expect(allThink(cluster, "up")).toBe(true);
        for (const index of [0, 2, 3]) {
          const { table } = cluster.nodes[index]!;
          expect(table.entry(table.find(victim.address)!, cluster.now).load).toBe(load);
        }
      }
    },
  );

  test("whoever knows few is told of others by the first it asks", () => {
    const cluster = new SimulatedCluster(12);
    cluster.seconds(30);
    const [newcomer, asked] = [cluster.restart(0, 2_000), cluster.nodes[1]!];
    const { message } = newcomer.ask(asked.address, cluster.now);
    const answer = asked.receive(message, cluster.now)[0]?.message.entries ?? [];
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

describe("100 nodes", () => {
  const cluster = new SimulatedCluster(100);
  cluster.seconds(5);
  const { bytes, datagrams } = cluster;
  cluster.seconds(15);

  test("suspect nobody wrongly, send little, and none knows anything very old of another", () => {
    expect(allThink(cluster, "up")).toBe(true);
    expect(cluster.ages().meanWorst).toBeLessThan(11);
    expect((cluster.datagrams - datagrams) / 100 / 15).toBeLessThanOrEqual(4);
    expect((cluster.bytes - bytes) / 100 / 15).toBeLessThan(2_050);
  });

  test("tell an asker what they know better, and first of what the asker has named as its oldest", () => {
    const [asker, asked] = cluster.nodes as [Gossip, Gossip];
    const { message } = asker.ask(asked.address, cluster.now);
    const ages = new Map(message.entries.map(({ address, age }) => [address, age]));
    const oldest = asker.table.size > 0 ? Math.max(...agesOf(asker, cluster.now)) : 0;
    expect(Math.max(...ages.values())).toBe(oldest);
    const answer = asked.receive(message, cluster.now)[0]?.message.entries ?? [];
    expect(answer.length).toBeGreaterThan(5);
    for (const { address, age } of answer.slice(1)) expect(age).toBeLessThan(ages.get(address) ?? 0);
    expect(answer.filter(({ address }) => (ages.get(address) ?? 0) > oldest / 2).length).toBeGreaterThan(3);
  });

  test("all know of a death within 9 s", () => {
    cluster.off.add(50);
    expect(secondsUntil(cluster, () => allThinkOf(cluster, 50, "dead"))).toBeLessThanOrEqual(9);
  });
});

test("times grow with the logarithm of the cluster", () => {
  expect([1, 5, 254, 10_000].map(suspicionMilliseconds)).toEqual([5_400, 5_529, 5_843, 6_137]);
  expect([1, 5, 254, 10_000].map(broadcastTicks)).toEqual([3, 7, 15, 22]);
});
