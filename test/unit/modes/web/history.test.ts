import { describe, expect, test } from "bun:test";
import { ClusterHistory } from "../../../../modes/web/history.ts";
import { recordedCluster, recordedNode } from "../../../web/recorded.ts";

const view = (busy: number, ids = [1]) => recordedCluster(ids.map((id) => recordedNode(id, { busy })));

describe("ClusterHistory", () => {
  test("keeps thousandths of every second for ten minutes, and of every tenth second for each node", () => {
    const history = new ClusterHistory();
    for (let second = 0; second < 700; second++) history.push(view(second / 1000));
    const { busy, memory, nodes, nodeEvery } = history.series();
    expect([busy.length, busy[0], busy.at(-1)]).toEqual([600, 100, 699]);
    expect(new Set(memory)).toEqual(new Set([250]));
    expect(nodeEvery).toBe(10);
    expect([nodes["192.168.1.1"]!.length, nodes["192.168.1.1"]![0], nodes["192.168.1.1"]!.at(-1)]).toEqual([
      60, 100, 690,
    ]);
  });

  test("forgets nodes that are gone from the view, and counts a dead one as idle", () => {
    const history = new ClusterHistory();
    history.push(view(0.5, [1, 2]));
    for (let second = 0; second < 10; second++) {
      history.push(recordedCluster([recordedNode(2, { busy: 0.5, state: "dead" })]));
    }
    expect(history.series().nodes).toEqual({ "192.168.1.2": [500, 0] });
  });

  test("has null where no node is up, and of a silent node", () => {
    const history = new ClusterHistory();
    history.push(view(0.5));
    for (let second = 0; second < 10; second++)
      history.push(recordedCluster([recordedNode(1, { state: "silent" })]));
    const { busy, memory, nodes } = JSON.parse(JSON.stringify(history.series()));
    expect(busy).toEqual([500, ...Array(10).fill(null)]);
    expect(memory).toEqual([250, ...Array(10).fill(null)]);
    expect(nodes).toEqual({ "192.168.1.1": [500, null] });
  });

  test("keeps histories of 1,024 nodes and no more", () => {
    const history = new ClusterHistory();
    const nodes = Array.from({ length: 1_500 }, (_, index) => recordedNode(index, { address: `a${index}` }));
    history.push(recordedCluster(nodes));
    expect(Object.keys(history.series().nodes)).toHaveLength(1_024);
  });
});
