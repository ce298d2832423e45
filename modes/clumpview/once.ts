/** clumpview for scripts: plain text or JSON. */

import { setTimeout } from "node:timers/promises";
import { formatNodes } from "../../cluster/commands/nodes-command.ts";
import { formatMemory, formatShare } from "../../system/amounts.ts";
import { describeNode } from "../figures/facts.ts";
import { formatJobs } from "../figures/jobs.ts";
import { describeCluster, describeTotals, sumNodes } from "../figures/totals.ts";
import { type Frame, takeFrame } from "../sources/frame.ts";
import type { Source } from "../sources/source.ts";

/** Time between two samples, over which the load is measured. */
const BETWEEN_MILLISECONDS = 250;
const LABEL_WIDTH = 10;

/** Takes the current frame. */
export async function takeOneFrame(source: Source): Promise<Frame> {
  await source.sample();
  await setTimeout(BETWEEN_MILLISECONDS);
  return await takeFrame(source);
}

/** Formats a frame: this node, the total, each node, each job. */
export function formatFrame({ sample, status, cluster, moves, now = Date.now() }: Frame): string {
  const facts = [
    ...(status
      ? [
          { label: "node", text: String(status.node ?? "--") },
          { label: "name", text: status.hostname },
          { label: "mode", text: `${status.mode}, clump ${status.version}` },
        ]
      : []),
    ...describeNode(status, sample.uptime, cluster),
    {
      label: "load",
      text: `${formatShare(sample.load)} of ${sample.cpus} ${sample.cpus === 1 ? "CPU" : "CPUs"}`,
    },
    { label: "memory", text: formatMemory(sample.memoryUsed, sample.memoryTotal) },
    ...(cluster
      ? [
          { label: "cluster", text: describeCluster(cluster) },
          { label: "total", text: describeTotals(sumNodes(cluster.nodes)) },
        ]
      : []),
  ];
  const lines = facts.map(({ label, text }) => `${label.padEnd(LABEL_WIDTH)}${text}\n`).join("");
  const nodes = cluster ? `\n${formatNodes(cluster.nodes, sample.uptime)}` : "";
  const jobs = moves ? `\n${formatJobs(moves, cluster?.nodes ?? [], now)}` : "";
  return `${lines}${nodes}${jobs}`;
}
