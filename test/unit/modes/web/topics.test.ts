import { expect, test } from "bun:test";
import type { Present } from "../../../../modes/web/present.ts";
import { createTopics } from "../../../../modes/web/topics.ts";
import { recordedCluster, recordedNode, STATUS } from "../../../web/recorded.ts";

test("createTopics() writes a cluster once for each time it was read", () => {
  let present: Present = { status: STATUS, cluster: recordedCluster([recordedNode(7)]), uptime: 5 };
  const topics = createTopics(() => present);
  const first = topics();
  expect(first.map(({ name }) => name)).toEqual(["node", "cluster", "beat"]);
  expect(JSON.parse(first[2]!.text)).toEqual({ uptime: 5, busy: 0.35, memory: 0.25 });
  expect(topics()[1]).toBe(first[1]!);
  present = { ...present, cluster: recordedCluster([recordedNode(7), recordedNode(8)]) };
  const { nodes } = JSON.parse(topics()[1]!.text) as { nodes: object[] };
  expect(nodes).toHaveLength(2);
  expect(nodes[0]).not.toHaveProperty("incarnation");
});

test("createTopics() has no cluster where there is none", () => {
  const topics = createTopics(() => ({ status: undefined, cluster: undefined, uptime: 5 }))();
  expect(topics.map(({ name, text }) => [name, JSON.parse(text)])).toEqual([
    ["node", { facts: expect.arrayContaining([{ label: "", text: "not configured yet" }]) }],
    ["beat", { uptime: 5 }],
  ]);
});
