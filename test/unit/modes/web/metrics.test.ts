import { describe, expect, test } from "bun:test";
import { formatMetrics } from "../../../../modes/web/metrics.ts";
import { recordedCluster, recordedNode, STATUS } from "../../../web/recorded.ts";
import { makeReport } from "../../cluster/moves.ts";

const uptime = 100;
const node = (id: number, state: "up" | "dead" = "up") => recordedNode(id, { state, heardUptime: 97.5 });
const lines = (cluster = recordedCluster([node(7), node(8, "dead")]), status = STATUS) =>
  formatMetrics({ status, cluster, uptime, now: 0 }).split("\n");

describe("formatMetrics()", () => {
  test.each([
    'clump_build_info{version="7.0.0-alpha.1",mode="NoVNC",hostname="pc7"} 1',
    "clump_uptime_seconds 100",
    "clump_configured 1",
    "clump_node_number 7",
    "clump_map_nodes 254",
    "clump_lease_expiry_seconds 3509",
    'clump_lease_info{state="BOUND",server="192.168.1.254"} 1',
    'clump_nic_carrier{nic="eth0"} 1',
    "clump_problems 0",
    "clump_cluster_open 0",
    "clump_cluster_view_age_seconds 2.5",
    'clump_cluster_nodes{state="up"} 1',
    'clump_cluster_nodes{state="dead"} 1',
    'clump_cluster_nodes{state="left"} 0',
    'clump_cluster_datagrams_dropped_total{reason="malformed"} 3',
    'clump_node_up{node="7",address="192.168.1.7"} 1',
    'clump_node_up{node="8",address="192.168.1.8"} 0',
    'clump_node_load{node="7",address="192.168.1.7"} 0.7',
    'clump_node_busy_ratio{node="7",address="192.168.1.7"} 0.35',
    'clump_node_processors{node="7",address="192.168.1.7"} 4',
    'clump_node_speed{node="7",address="192.168.1.7"} 10000',
    'clump_node_memory_free_bytes{node="7",address="192.168.1.7"} 6442450944',
    'clump_node_memory_size_bytes{node="7",address="192.168.1.7"} 8589934592',
    'clump_node_heard_age_seconds{node="8",address="192.168.1.8"} 2.5',
  ])("has %s", (line) => {
    expect(lines()).toContain(line);
  });

  test("says nothing of a dead node but that it is dead and since when", () => {
    const dead = lines().filter((line) => line.includes('node="8"'));
    expect(dead.map((line) => line.split("{")[0])).toEqual(["clump_node_up", "clump_node_heard_age_seconds"]);
  });

  test("has HELP and TYPE for each name, once, and no two samples of the same labels", () => {
    const all = lines().filter(Boolean);
    const of = (kind: string) =>
      all.filter((line) => line.startsWith(`# ${kind} `)).map((line) => line.split(" ")[2]);
    const samples = all
      .filter((line) => !line.startsWith("#"))
      .map((line) => line.slice(0, line.lastIndexOf(" ")));
    expect(of("HELP")).toEqual(of("TYPE"));
    expect(new Set(of("HELP")).size).toBe(of("HELP").length);
    expect(new Set(samples).size).toBe(samples.length);
    expect(new Set(samples.map((sample) => sample.split("{")[0]))).toEqual(new Set(of("TYPE")));
  });

  test("of a lease for ever says so, and of a map counts each range and no alias", () => {
    const status = {
      ...STATUS,
      lease: { ...STATUS.lease!, seconds: null },
      map: "# mine\n1 10.0.0.1 20\n30 10.0.1.1 4\n1 10.0.2.1 ALIAS\n",
    };
    expect(lines(undefined, status)).toContain("clump_lease_expiry_seconds +Inf");
    expect(lines(undefined, status)).toContain("clump_map_nodes 24");
  });

  test("has the node's state in Slurm where it is in a Slurm cluster", () => {
    const inSlurm = lines(undefined, { ...STATUS, slurm: { state: "mixed", jobs: 2 } });
    expect(inSlurm).toContain('clump_slurm_info{state="mixed"} 1');
    expect(inSlurm).toContain("clump_slurm_jobs 2");
    expect(lines().filter((line) => line.startsWith("clump_slurm_"))).toEqual([]);
  });

  test("has moves by outcome, refusals by reason, freezes and bytes once moves are used", () => {
    const living = recordedNode(7, { guests: 2, away: 3 });
    const snapshot = {
      status: STATUS,
      cluster: recordedCluster([living]),
      moves: makeReport(),
      uptime,
      now: 0,
    };
    const all = formatMetrics(snapshot).split("\n");
    for (const line of [
      'clump_moves_total{outcome="away"} 3',
      'clump_moves_total{outcome="stayed"} 4',
      'clump_move_refusals_total{reason="process"} 2',
      "# TYPE clump_move_freeze_seconds histogram",
      'clump_move_freeze_seconds_bucket{le="0.05"} 1',
      'clump_move_freeze_seconds_bucket{le="10"} 6',
      'clump_move_freeze_seconds_bucket{le="+Inf"} 6',
      "clump_move_freeze_seconds_sum 1.75",
      "clump_move_freeze_seconds_count 6",
      "clump_move_sent_bytes_total 12345678",
      'clump_node_guests{node="7",address="192.168.1.7"} 2',
      'clump_node_deputies{node="7",address="192.168.1.7"} 3',
    ])
      expect(all).toContain(line);
    expect(lines().join()).not.toContain("clump_move");
  });

  test("of a node that is not configured has what there is", () => {
    const { node: _, lease: __, map: ___, ...status } = STATUS;
    const text = formatMetrics({ status, cluster: undefined, uptime, now: 0 });
    expect(text).toContain("clump_configured 0\n");
    expect(text).not.toMatch(/clump_(node|lease|map|cluster)/);
    expect(formatMetrics({ status: undefined, cluster: undefined, uptime, now: 0 })).toContain(
      "clump_uptime_seconds 100\n",
    );
  });
});
