import { describe, expect, test } from "bun:test";
import type { Gossip } from "../../../../cluster/gossip/gossip.ts";
import { allThink, allThinkOf, secondsUntil, someThink } from "../../../cluster/opinions.ts";
import { FACTS, SimulatedCluster } from "../../../cluster/simulated-cluster.ts";

describe("the living and the dead", () => {
  test.each([3, 4, 5])("%p nodes: a death is known to all within 8 s, whenever it happens", (count) => {
    for (let seed = 1; seed <= 50; seed++) {
      const cluster = new SimulatedCluster(count, { seed });
      cluster.seconds(seed % 7);
      cluster.off.add(1);
      expect(secondsUntil(cluster, () => allThinkOf(cluster, 1, "dead"))).toBeLessThanOrEqual(8);
    }
  });

  test("a network that is cut in two kills the other half on each side, and heals", () => {
    const cluster = new SimulatedCluster(6);
    cluster.seconds(20);
    cluster.reaches = (from, to) => from < 3 === to < 3;
    secondsUntil(cluster, () => cluster.condition(5, 0) === "dead" && cluster.condition(0, 5) === "dead");
    cluster.seconds(20);
    expect([cluster.condition(1, 0), cluster.condition(4, 0)]).toEqual(["up", "dead"]);
    cluster.reaches = () => true;
    expect(secondsUntil(cluster, () => allThink(cluster, "up"))).toBeLessThan(30);
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
    expect(allThink(cluster, "up")).toBe(true);
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

  test.each([2, 5])("of %d nodes one that is held up for 5 s is nobody's dead", (count) => {
    for (let seed = 1; seed <= 20; seed++) {
      const cluster = new SimulatedCluster(count, { seed, loss: 0.02 });
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

  test("a node that was doubted in vain is doubted again: its link was cut, and then it dies", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const cluster = new SimulatedCluster(3, { seed });
      cluster.seconds(5 + (seed % 5));
      cluster.cut(0, 2);
      cluster.seconds(10);
      expect(someThink(cluster, "dead")).toBe(false);
      if (seed % 2 === 0) cluster.reaches = () => true;
      for (const index of [1, 2]) cluster.off.add(index);
      expect(
        secondsUntil(cluster, () => allThinkOf(cluster, 1, "dead") && allThinkOf(cluster, 2, "dead")),
      ).toBeLessThanOrEqual(9);
    }
  });

  test.each([
    [5, 60, 12],
    [30, 4, 16],
  ])(
    "the last of %d nodes knows that all others died at once, with 10 % packet loss",
    (count, runs, limit) => {
      for (let seed = 1; seed <= runs; seed++) {
        const cluster = new SimulatedCluster(count, { seed, loss: 0.1 });
        cluster.seconds(5 + (seed % 7));
        for (let index = 1; index < count; index++) cluster.off.add(index);
        expect(secondsUntil(cluster, () => cluster.nodes[0]!.alive === 1)).toBeLessThanOrEqual(limit);
      }
    },
  );

  test("two that cannot reach each other do not take each other for dead while others reach both", () => {
    const cluster = new SimulatedCluster(5);
    cluster.cut(0, 1);
    for (let second = 0; second < 300; second++) {
      cluster.second();
      for (const by of cluster.nodes.keys()) {
        for (const of of cluster.nodes.keys()) expect(cluster.condition(of, by)).not.toBe("dead");
      }
    }
  });

  test("who does not answer for three seconds is suspected, and is up with its first answer", () => {
    const [asker, asked] = new SimulatedCluster(2).nodes as [Gossip, Gossip];
    const conditions: string[] = [];
    for (let second = 1; second <= 5; second++) {
      const now = 1_000_000 + 1_000 * second;
      const probes = asker.tick(now);
      conditions.push(asker.table.condition(0));
      const heard = second < 5 ? [] : probes;
      const answers = heard.flatMap(({ message }) => asked.receive(message, now));
      for (const { message } of answers) asker.receive(message, now);
    }
    expect(conditions).toEqual(["up", "up", "up", "suspect", "suspect"]);
    expect(asker.table.condition(0)).toBe("up");
  });

  test("what a node asked before it was quiet is no evidence when it speaks again", () => {
    const [asker] = new SimulatedCluster(2).nodes as [Gossip];
    const conditions: string[] = [];
    for (let second = 1; second <= 66; second++) {
      asker.tick(1_000_000 + 1_000 * second, { speaks: second <= 2 || second > 62 });
      if (second > 60) conditions.push(asker.table.condition(0));
    }
    expect(conditions).toEqual(["up", "up", "up", "up", "up", "suspect"]);
  });

  test("a node that hears of a doubt about itself denies it at once, to several nodes", () => {
    for (const condition of ["suspect", "dead", "left"] as const) {
      const [accuser, accused, ...others] = new SimulatedCluster(20).nodes as [Gossip, Gossip, ...Gossip[]];
      const about = { ...FACTS, address: accused.address, incarnation: 1_000, beat: 0, age: 0, condition };
      const entries = [accuser.introduce().entries[0]!, about];
      const denials = accused.receive({ wantsAnswer: false, entries }, 1_000_000);
      expect(denials.length).toBe(3);
      const addresses = [accuser, ...others].map(({ address }) => address);
      for (const { to, message } of denials) {
        expect(addresses).toContain(to);
        expect(message.entries[0]).toMatchObject({ address: accused.address, condition: "up" });
        expect(message.entries[0]!.beat).toBeGreaterThan(about.beat);
      }
    }
  });

  test("a node that hears a doubt of a third one that it has heard from since says so to the doubter at once", () => {
    const [doubter, doubted, witness] = new SimulatedCluster(3).nodes as [Gossip, Gossip, Gossip];
    const now = 1_000_000;
    witness.receive(doubted.ask(witness.address, now).message, now);
    const doubt = (condition: "suspect" | "dead", age: number) =>
      witness.receive(
        {
          wantsAnswer: false,
          entries: [
            doubter.introduce().entries[0]!,
            { ...FACTS, address: doubted.address, incarnation: 1_000, beat: 0, age, condition },
          ],
        },
        now + 1_000,
      );
    for (const condition of ["suspect", "dead"] as const) {
      const [answer, ...more] = doubt(condition, 3_000);
      expect([answer?.to, more]).toEqual([doubter.address, []]);
      expect(answer?.message.entries[1]).toMatchObject({
        address: doubted.address,
        condition: "up",
        age: 1_000,
      });
    }
    // A doubt that is newer than the last word is passed on, and not refuted.
    const spread = doubt("suspect", 500);
    expect(spread.every(({ message }) => message.entries[1]?.condition === "suspect")).toBe(true);
  });

  test("a suspicion is known to most in the second in which it begins, and its denial soon to all", () => {
    const cluster = new SimulatedCluster(100);
    cluster.seconds(5);
    const [accuser, accused] = cluster.nodes as [Gossip, Gossip];
    const { incarnation } = accused;
    const about = {
      ...FACTS,
      address: accused.address,
      incarnation,
      beat: 1,
      age: 0,
      condition: "suspect" as const,
    };
    const heard: string[] = [];
    cluster.wire = (_, message) => {
      const entry = message.entries.find(({ address }) => address === accused.address);
      if (entry) heard.push(entry.condition);
      return message;
    };
    const alerts = accuser.receive(
      { wantsAnswer: false, entries: [accuser.introduce().entries[0]!, about] },
      cluster.now,
    );
    cluster.now += 1;
    for (const outgoing of alerts) cluster.deliver(0, outgoing);
    cluster.seconds(3);
    expect(allThinkOf(cluster, 1, "up")).toBe(true);
    expect(heard.filter((condition) => condition === "suspect").length).toBeGreaterThan(50);
  });
});
