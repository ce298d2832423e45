import { describe, expect, test } from "bun:test";
import { SnapshotEvents } from "../../../../modes/web/events.ts";
import type { Snapshot } from "../../../../modes/web/snapshot.ts";
import { recordedCluster, recordedNode, STATUS } from "../../../web/recorded.ts";
import { makeReport } from "../../cluster/moves.ts";

describe("SnapshotEvents", () => {
  test("formats a view of the cluster once for each time it was read", () => {
    let snapshot: Snapshot = {
      status: STATUS,
      cluster: recordedCluster([recordedNode(7)]),
      uptime: 5,
      now: 9,
    };
    const events = new SnapshotEvents(() => snapshot);
    const first = events.current();
    expect(first.map(({ name }) => name)).toEqual(["node", "cluster", "beat"]);
    expect(JSON.parse(first[2]!.text)).toEqual({ uptime: 5, now: 9, busy: 0.35, memory: 0.25 });
    expect(events.current()[1]).toBe(first[1]!);
    snapshot = { ...snapshot, cluster: recordedCluster([recordedNode(7), recordedNode(8)]) };
    const { nodes } = JSON.parse(events.current()[1]!.text) as { nodes: object[] };
    expect(nodes).toHaveLength(2);
    expect(nodes[0]).not.toHaveProperty("incarnation");
  });

  test("has no cluster event where the node has no view", () => {
    const events = new SnapshotEvents(() => ({
      status: undefined,
      cluster: undefined,
      uptime: 5,
      now: 9,
    })).current();
    expect(events.map(({ name, text }) => [name, JSON.parse(text)])).toEqual([
      ["node", { facts: expect.arrayContaining([{ label: "", text: "not configured yet" }]) }],
      ["beat", { uptime: 5, now: 9 }],
    ]);
  });

  test("has the jobs once moves are used, with the time from which the page counts", () => {
    const snapshot = {
      status: STATUS,
      cluster: undefined,
      moves: makeReport(70_000),
      uptime: 5,
      now: 70_000,
    };
    const event = () => new SnapshotEvents(() => snapshot).current().find(({ name }) => name === "jobs");
    const { total, jobs } = JSON.parse(event()!.text) as { total: string; jobs: object[] };
    expect(total).toBe("3 on their way, 1 away, 1 guest, 1 stays");
    expect(jobs[0]).toEqual({
      ...{ pid: "4713", name: "work", whose: "root", where: "moving to 10.0.0.3", moved: "", moves: "0" },
      ...{ since: 70_000, look: "underway" },
    });
    // A page gets news alone: a second more is none.
    const before = event()!.text;
    snapshot.now += 1_000;
    expect(event()!.text).toBe(before);
  });
});
