import { describe, expect, test } from "bun:test";
import { describeChanges, findProblems, gatherNodes } from "../../../../cluster/daemon/gather-view.ts";
import { isView, parseViewJson, UNKNOWN_LOAD } from "../../../../cluster/view.ts";
import { SimulatedCluster } from "../../../cluster/simulated-cluster.ts";
import { NODE, NODES, SELF } from "../nodes.ts";

const MAP = [{ base: 1, address: 0xc0a80101, count: 254 }];

describe("gatherNodes()", () => {
  test("puts this node first, the others by number, each with its aliases", () => {
    const cluster = new SimulatedCluster(3);
    cluster.seconds(3);
    const aliases = new Map([[SimulatedCluster.address(0), [0xc0a80001]]]);
    const nodes = gatherNodes(cluster.nodes[2]!, {
      aliases,
      uptimeOf: (age) => 100 - age / 1000,
      now: cluster.now,
    });
    expect(nodes.map(({ id, isSelf }) => [id, isSelf])).toEqual([
      [3, true],
      [1, false],
      [2, false],
    ]);
    expect(nodes[1]).toMatchObject({
      address: "10.0.0.1",
      aliases: ["192.168.0.1"],
      state: "up",
      version: "7.0",
    });
    expect(nodes[0]?.heardUptime).toBe(100);
    expect(nodes[1]?.heardUptime).toBeWithin(90, 101);
  });
});

test("a load of 1 is one process on a standard processor, of which datagrams have hundredths", () => {
  const cluster = new SimulatedCluster(1);
  const gossip = cluster.nodes[0]!;
  Object.assign(gossip.own, { load: 1_648 });
  const [self] = gatherNodes(gossip, { aliases: new Map(), uptimeOf: () => 0, now: cluster.now });
  expect(self?.load).toBe(16.48);
});

test("of a node of openMosix neither load nor processors are known, which JSON keeps apart from 0", () => {
  const cluster = new SimulatedCluster(1);
  const gossip = cluster.nodes[0]!;
  gossip.discover(SimulatedCluster.address(8), 9, cluster.now);
  const options = { aliases: new Map(), uptimeOf: () => 0, now: cluster.now };
  const [self, other] = gatherNodes(gossip, options);
  expect(self).toMatchObject({ load: 0, cpus: 1 });
  expect(other).toMatchObject({ id: 9, state: "silent", ...UNKNOWN_LOAD });
  const text = JSON.stringify({
    isOpen: true,
    discovery: "map",
    nodes: [self, other],
    problems: [],
    drops: {},
  });
  expect(text).toContain(`"load":null,"busy":null,"cpus":null`);
  const view = parseViewJson(text);
  expect(isView(view) && view.nodes[1]).toEqual(other!);
});

describe("findProblems()", () => {
  test("finds nothing in a cluster that agrees", () => {
    expect(findProblems(NODES, MAP)).toEqual([]);
  });

  test("names all who claim one number, this node among them; the dead claim nothing", () => {
    const twin = { ...NODE, address: "10.0.0.77" };
    expect(findProblems([SELF, twin], [])).toEqual([
      "number 77 is claimed by 2 nodes: this one, 192.168.1.77 and 10.0.0.77",
    ]);
    expect(findProblems([SELF, { ...twin, state: "dead" }], [])).toEqual([]);
  });

  test("names a node whose number the map gives to another, once for many", () => {
    const strangers = [9, 10].map((id) => ({ ...NODE, id, address: `10.0.0.${id}` }));
    expect(findProblems([SELF, strangers[0]!], MAP)).toEqual([
      "10.0.0.9 says it is node 9, which is not so in this node's map",
    ]);
    expect(findProblems([SELF, ...strangers], MAP)).toEqual([
      "10.0.0.9 says it is node 9, which is not so in this node's map, and 1 more like it",
    ]);
  });
});

describe("describeChanges()", () => {
  test.each([
    ["a new node", undefined, "up", ["node 78 (10.0.0.78) is up"]],
    ["a death", "suspect", "dead", ["node 78 (10.0.0.78) is dead"]],
    ["a goodbye", "up", "left", ["node 78 (10.0.0.78) has left"]],
    ["a return", "dead", "up", ["node 78 (10.0.0.78) is up"]],
    ["no change", "up", "up", []],
    ["a suspicion", "up", "suspect", []],
    ["a suspicion that was wrong", "suspect", "up", []],
  ] as const)("says %s", (_, before, after, lines) => {
    const node = { ...NODE, id: 78, address: "10.0.0.78" };
    const old = before === undefined ? [] : [{ ...node, state: before }];
    expect(describeChanges(old, [SELF, { ...node, state: after }])).toEqual([...lines]);
  });

  test("says a new life of a node that was never missed", () => {
    const node = { ...NODE, id: 78, address: "10.0.0.78" };
    expect(describeChanges([node], [{ ...node, incarnation: 1_001 }])).toEqual([
      "node 78 (10.0.0.78) is up again, in a new life",
    ]);
  });
});
