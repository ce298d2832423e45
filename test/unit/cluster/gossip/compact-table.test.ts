import { expect, test } from "bun:test";
import { SimulatedCluster } from "../../../cluster/simulated-cluster.ts";

test("a simulation with small tables is the same as one with those of the daemon", () => {
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
