/** The metrics of /metrics in seconds, bytes and ratios, named by Prometheus' "Metric and label naming". */

import { CONDITIONS, isAlive } from "../../cluster/gossip/entry.ts";
import { FREEZE_BOUNDS, type MoveCounts } from "../../cluster/moves-report.ts";
import type { ClusterView, NodeView } from "../../cluster/view.ts";
import { viewAge } from "../../cluster/view-age.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import { formatExposition, type Metric, type Sample } from "./exposition.ts";
import type { Snapshot } from "./snapshot.ts";

/** All metrics in the text format. */
export function formatMetrics(snapshot: Snapshot): string {
  const { status, cluster, moves, uptime } = snapshot;
  return formatExposition([
    gauge("clump_uptime_seconds", "Time since the kernel of this node started.", [{ value: uptime }]),
    ...(status ? ownMetrics(status, uptime) : []),
    ...(moves ? moveMetrics(moves.counts) : []),
    ...(cluster ? [...clusterMetrics(cluster, uptime), ...nodeMetrics(cluster.nodes, uptime)] : []),
  ]);
}

function ownMetrics(status: NodeStatus, uptime: number): Metric[] {
  const { version, mode, hostname, node, lease, map, nics, problems, slurm } = status;
  const count = map === undefined ? undefined : countMap(map);
  const nicLabels = nics.map(({ name, carrier }) => ({ labels: { nic: name }, value: carrier ? 1 : 0 }));
  return [
    gauge("clump_build_info", "Version and mode of this node, always 1.", [
      { labels: { version, mode, hostname }, value: 1 },
    ]),
    gauge("clump_configured", "Whether this node has its number and its map.", [
      { value: node === undefined ? 0 : 1 },
    ]),
    gauge("clump_node_number", "Number of this node.", maybe(node)),
    gauge("clump_map_nodes", "Nodes that the map of this node has room for.", maybe(count)),
    gauge(
      "clump_lease_expiry_seconds",
      "Time until the DHCP lease ends, negative once it has.",
      maybe(lease && (lease.seconds ?? Number.POSITIVE_INFINITY) + lease.obtainedUptime - uptime),
    ),
    gauge(
      "clump_lease_info",
      "State of the DHCP lease by RFC 2131, always 1.",
      lease ? [{ labels: { state: lease.state, server: lease.server }, value: 1 }] : [],
    ),
    gauge(
      "clump_slurm_info",
      "State of this node in its Slurm cluster, as sinfo has it, always 1.",
      slurm ? [{ labels: { state: slurm.state }, value: 1 }] : [],
    ),
    gauge("clump_slurm_jobs", "Jobs of Slurm that run on this node.", maybe(slurm?.jobs)),
    gauge("clump_nic_carrier", "Whether a network card has a signal.", nicLabels),
    gauge("clump_problems", "Things this node says keep something from working.", [
      { value: problems.length },
    ]),
  ];
}

/** The third field of an entry is its number of nodes; an alias has a word there. */
function countMap(text: string): number {
  return [...text.matchAll(/^[^#\s]\S*\s+\S+\s+(\d+)\s*$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}

function clusterMetrics({ nodes, isOpen, problems, drops }: ClusterView, uptime: number): Metric[] {
  const states = CONDITIONS.map((state) => ({
    labels: { state },
    value: nodes.filter((node) => node.state === state).length,
  }));
  const reasons = Object.entries(drops).map(([reason, value]) => ({ labels: { reason }, value }));
  return [
    gauge("clump_cluster_nodes", "Nodes this one knows of, itself among them, by state.", states),
    gauge("clump_cluster_view_age_seconds", "Time since clumpd of this node reported the cluster.", [
      { value: Math.round(10 * viewAge({ nodes }, uptime)) / 10 },
    ]),
    gauge("clump_cluster_open", "Whether the cluster has no key.", [{ value: isOpen ? 1 : 0 }]),
    gauge("clump_cluster_problems", "Things that are wrong with the cluster, as two nodes with one number.", [
      { value: problems.length },
    ]),
    counter(
      "clump_cluster_datagrams_dropped_total",
      "Datagrams turned away since clumpd started, by reason.",
      reasons,
    ),
  ];
}

/** All since the daemon of moves of this node started. */
function moveMetrics({ outcomes, refusals, freezes, bytesSent }: MoveCounts): Metric[] {
  const of = (name: string, numbers: Readonly<Record<string, number>>): Sample[] =>
    Object.entries(numbers).map(([each, value]) => ({ labels: { [name]: each }, value }));
  const { buckets, sum, count } = freezes;
  const bounds = [...FREEZE_BOUNDS.map(String), "+Inf"];
  return [
    counter("clump_moves_total", "Moves of processes of this node, by outcome.", of("outcome", outcomes)),
    counter(
      "clump_move_refusals_total",
      "Refusals to move a process of this node, by what the reason was about; without room the next node is asked.",
      of("reason", refusals),
    ),
    {
      name: "clump_move_freeze_seconds",
      type: "histogram",
      help: "Time for which a process that left this node, or was to leave it, stood still.",
      samples: [
        ...bounds.map((le, index) => ({
          ...{ suffix: "_bucket" as const, labels: { le }, value: buckets[index] ?? count },
        })),
        { suffix: "_sum", value: sum },
        { suffix: "_count", value: count },
      ],
    },
    counter("clump_move_sent_bytes_total", "Bytes of orders and images that this node sent for moves.", [
      { value: bytesSent },
    ]),
  ];
}

function nodeMetrics(nodes: readonly NodeView[], uptime: number): Metric[] {
  const each = (of: readonly NodeView[], value: (node: NodeView) => number): Sample[] =>
    of.map((node) => ({ labels: { node: String(node.id), address: node.address }, value: value(node) }));
  // The last report of a dead node no longer holds.
  const living = nodes.filter(({ state }) => isAlive(state));
  return [
    gauge(
      "clump_node_up",
      "Whether a node is thought to live.",
      each(nodes, ({ state }) => (isAlive(state) ? 1 : 0)),
    ),
    gauge(
      "clump_node_load",
      "Load of a node, 1 is one process for each standard processor.",
      each(living, ({ load }) => load),
    ),
    gauge(
      "clump_node_busy_ratio",
      "Share of the processors of a node that is busy.",
      each(living, ({ busy }) => busy),
    ),
    gauge(
      "clump_node_processors",
      "Processors of a node.",
      each(living, ({ cpus }) => cpus),
    ),
    gauge(
      "clump_node_speed",
      "Speed of a node, 10000 is the standard processor of MOSIX.",
      each(living, ({ speed }) => speed),
    ),
    gauge(
      "clump_node_memory_free_bytes",
      "Memory of a node that is free.",
      each(living, ({ memoryFree }) => memoryFree),
    ),
    gauge(
      "clump_node_memory_size_bytes",
      "Memory of a node.",
      each(living, ({ memoryTotal }) => memoryTotal),
    ),
    gauge(
      "clump_node_guests",
      "Processes of other nodes that run on a node.",
      each(living, ({ guests = 0 }) => guests),
    ),
    gauge(
      "clump_node_deputies",
      "Processes of a node that run on other nodes, each with a deputy at home.",
      each(living, ({ away = 0 }) => away),
    ),
    gauge(
      "clump_node_heard_age_seconds",
      "Time since a node said this of itself.",
      each(nodes, ({ heardUptime }) => Math.max(Math.round((uptime - heardUptime) * 10) / 10, 0)),
    ),
  ];
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: "counter", help, samples };
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: "gauge", help, samples };
}

function maybe(value: number | undefined): Sample[] {
  return value === undefined ? [] : [{ value }];
}
