/** The gossip of many nodes over minutes, simulated: what takes too long for the unit tests. */

import { describe, expect, test } from "bun:test";
import { measureGossip } from "../bench/gossip-cost.ts";
import { allThink, allThinkOf, secondsUntil, someThink } from "./opinions.ts";
import { SimulatedCluster } from "./simulated-cluster.ts";

describe("254 nodes", () => {
  const cluster = new SimulatedCluster(254);
  cluster.seconds(40);

  test("suspect nobody wrongly, and none knows anything very old of another", () => {
    expect(allThink(cluster, "up")).toBe(true);
    const { mean, meanWorst } = cluster.ages();
    expect([mean < 10, meanWorst < 22]).toEqual([true, true]);
  });

  test("send the same each second", () => {
    expect(cluster.datagrams / 254 / 40).toBeLessThanOrEqual(4);
    expect(cluster.bytes / 254 / 40).toBeLessThan(1_950);
  });

  test("all know of a death within 10 s", () => {
    cluster.off.add(100);
    expect(secondsUntil(cluster, () => allThinkOf(cluster, 100, "dead"))).toBeLessThanOrEqual(10);
  });
});

describe("the living", () => {
  test("none of 40 nodes takes one for dead that is held up for 5 s", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const cluster = new SimulatedCluster(40, { seed, loss: 0.02 });
      cluster.seconds(seed % 5);
      cluster.pause(1);
      for (let second = 0; second < 15; second++) {
        if (second === 5) cluster.resume();
        cluster.second();
        expect(someThink(cluster, "dead")).toBe(false);
      }
      expect(allThink(cluster, "up")).toBe(true);
    }
  });

  test("10 % packet loss kills nobody among 100 nodes, and costs little", () => {
    const cluster = new SimulatedCluster(100, { loss: 0.1 });
    for (let second = 0; second < 90; second++) {
      cluster.second();
      expect(someThink(cluster, "dead")).toBe(false);
    }
    expect(cluster.bytes / 100 / 90).toBeLessThan(2_000);
  });
});

describe("a cut link", () => {
  test.each([
    [3, 3_000, false],
    [3, 3_000, true],
    [5, 2_000, false],
    [40, 120, false],
    [40, 120, true],
  ])(
    "kills neither of its two nodes among %d, in %d s with 10 %% packet loss; one way only: %p",
    (count, seconds, oneWay) => {
      const cluster = new SimulatedCluster(count, { loss: 0.1 });
      cluster.seconds(5);
      cluster.cut(0, 1, { oneWay });
      for (let second = 0; second < seconds; second++) {
        cluster.second();
        expect(someThink(cluster, "dead")).toBe(false);
      }
      cluster.off.add(1);
      expect(secondsUntil(cluster, () => allThinkOf(cluster, 1, "dead"))).toBeLessThanOrEqual(10);
    },
  );
});

test("the last of 254 nodes knows within a minute that all others died at once", () => {
  const cluster = new SimulatedCluster(254, { loss: 0.1 });
  cluster.seconds(20);
  for (let index = 1; index < 254; index++) cluster.off.add(index);
  expect(secondsUntil(cluster, () => cluster.nodes[0]!.alive === 1)).toBeLessThan(60);
});

test("a simulation with small tables is the same as one with the tables of the daemon", () => {
  const outcomes = [false, true].map((compact) => {
    const cluster = new SimulatedCluster(50, { compact });
    cluster.seconds(12);
    cluster.off.add(20);
    cluster.seconds(5);
    const early = cluster.nodes.map((_, by) => cluster.condition(20, by));
    cluster.seconds(10);
    cluster.off.delete(20);
    cluster.seconds(12);
    const late = cluster.nodes.map((_, by) => cluster.condition(20, by));
    return { early, late, ages: cluster.ages(), bytes: cluster.bytes };
  });
  expect(outcomes[1]).toEqual(outcomes[0]!);
  expect(new Set(outcomes[0]!.early)).toContain("suspect");
});

test("a node of 10,000 takes little more processor time than a node of 254", async () => {
  const small = await measureGossip({ nodes: 254, seconds: 600 });
  const large = await measureGossip({ nodes: 10_000, seconds: 600 });
  expect(large / small).toBeLessThan(2.5);
});
