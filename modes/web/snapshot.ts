/** This node and its cluster as they are now, for whatever the web view makes of them. */

import type { ClusterView } from "../../cluster/view.ts";
import { formatDuration } from "../../system/amounts.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import { describeNode } from "../figures/facts.ts";

export interface Snapshot {
  readonly status: NodeStatus | undefined;
  readonly cluster: ClusterView | undefined;
  /** Seconds since the kernel started. */
  readonly uptime: number;
}

/** What clumpview says of the node, and the page too: the same sentences. */
export function nodeOf({ status, cluster, uptime }: Snapshot) {
  return {
    ...(status && { version: status.version, hostname: status.hostname, mode: status.mode }),
    ...(status?.node !== undefined && { node: status.node }),
    facts: describeNode(status, uptime, cluster).map(({ label, text }) => ({ label, text })),
  };
}

/** The cluster without what the page has no use for. */
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
