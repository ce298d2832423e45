/** A snapshot of this node and its cluster, from which every reply is made. */

import type { MovesReport } from "../../cluster/moves-report.ts";
import type { ClusterView } from "../../cluster/view.ts";
import { formatDuration } from "../../system/amounts.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import { describeNode } from "../figures/facts.ts";
import { describeJobs, describeJobTotals } from "../figures/jobs.ts";

export interface Snapshot {
  readonly status: NodeStatus | undefined;
  readonly cluster: ClusterView | undefined;
  /** Absent where moves were never used. */
  readonly moves?: MovesReport | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Seconds since the kernel started. */
  readonly uptime: number;
}

/** The facts on this node, in clumpview's words. */
export function nodeOf({ status, cluster, uptime }: Snapshot) {
  return {
    ...(status && { version: status.version, hostname: status.hostname, mode: status.mode }),
    ...(status?.node !== undefined && { node: status.node }),
    facts: describeNode(status, uptime, cluster).map(({ label, text }) => ({ label, text })),
  };
}

/** The jobs, in clumpview's words; the page counts for how long from `since`. */
export function jobsOf({ moves, cluster, now }: Snapshot) {
  if (moves === undefined) return undefined;
  const lines = describeJobs(moves, cluster?.nodes ?? [], now);
  return { total: describeJobTotals(moves), jobs: lines.map(({ duration: _, ...shown }) => shown) };
}

/** The cluster without the fields that the page does not use. */
export function clusterOf({ isOpen, problems, nodes }: ClusterView) {
  return {
    isOpen,
    problems,
    nodes: nodes.map(({ aliases: _, status: __, incarnation: ___, ...shown }) => shown),
  };
}

/** "node 7, pc7, ClumpOS mode, up 19 s, clump 7.0.0". */
export function headlineOf({ status, uptime }: Snapshot): string {
  const up = `up ${formatDuration(uptime)}`;
  if (status === undefined) return up;
  const { node, hostname, mode, version } = status;
  const name = node === undefined ? "node without number" : `node ${node}`;
  return [name, hostname, `${mode} mode`, up, `clump ${version}`].join(", ");
}
