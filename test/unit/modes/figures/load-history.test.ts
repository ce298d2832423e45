import { expect, test } from "bun:test";
import { LoadHistory } from "../../../../modes/figures/load-history.ts";
import { describeTotals, sumNodes } from "../../../../modes/figures/totals.ts";
import { Demo } from "../../../../modes/sources/demo.ts";
import { CLUSTER } from "../clumpview/states.ts";

test("LoadHistory keeps each node by its address, and all weighted by their processors", () => {
  const history = new LoadHistory();
  const [first, , second] = CLUSTER.nodes;
  const viewOf = (...busy: number[]) => ({
    ...CLUSTER,
    nodes: [
      { ...first!, cpus: 3, busy: busy[0]! },
      { ...second!, cpus: 1, busy: busy[1]! },
    ],
  });
  history.push(undefined);
  history.push(viewOf(0.5, 0.5));
  history.push(viewOf(1, 0));
  expect(history.of(first!.address, 9)).toEqual([0.5, 1]);
  expect(history.of(second!.address, 1)).toEqual([0]);
  expect(history.total(9)).toEqual([0.5, 0.75]);
  expect(history.of("10.0.0.1", 9)).toEqual([]);
});

test("LoadHistory has 0 of a node that is dead, and forgets one that is no more", () => {
  const history = new LoadHistory();
  const dead = CLUSTER.nodes.find(({ state }) => state === "dead")!;
  history.push(CLUSTER);
  expect(history.of(dead.address, 9)).toEqual([0]);
  history.push({ ...CLUSTER, nodes: CLUSTER.nodes.slice(0, 1) });
  expect(history.of(dead.address, 9)).toEqual([]);
});

test("LoadHistory has no share of a silent node, nor a total where no node is up", () => {
  const history = new LoadHistory();
  const [first] = CLUSTER.nodes;
  history.push({ ...CLUSTER, nodes: [{ ...first!, cpus: 1, busy: 0.5 }] });
  history.push({ ...CLUSTER, nodes: [{ ...first!, state: "silent" }] });
  expect(history.of(first!.address, 9)).toEqual([0.5, undefined]);
  expect(history.total(9)).toEqual([0.5, undefined]);
});

test("sumNodes() takes those that are alive", () => {
  const totals = sumNodes(CLUSTER.nodes);
  expect(totals).toMatchObject({ cpus: 134, load: 1.5 });
  expect(describeTotals(totals)).toBe("93 % of 134 CPUs, load 1.50, memory 5.4 of 65.9 GB");
  expect(describeTotals(sumNodes([]))).toBe("not known, for no node is up");
});

test("Demo makes up the same cluster each time, with nodes that die and come back", () => {
  const [first, second] = [new Demo(300), new Demo(300)];
  const states = new Set<string>();
  for (let second_ = 0; second_ < 300; second_++) {
    first.next();
    second.next();
    for (const { state, busy } of first.cluster()!.nodes) {
      states.add(state);
      expect(busy).toBeWithin(0, 1.0001);
    }
  }
  expect(first.cluster()).toEqual(second.cluster());
  expect([...states].sort()).toEqual(["dead", "up"]);
  expect(
    first
      .cluster()!
      .nodes.filter(({ isSelf }) => isSelf)
      .map(({ id }) => id),
  ).toEqual([7]);
  expect(first.cluster()!.nodes.at(-1)!.address).toBe("10.0.1.44");
});
