import type { NodeView } from "../../cluster/view.ts";
import { formatDuration, formatMemory, formatShare } from "../../system/amounts.ts";
import { isAlive } from "./totals.ts";

/** A node on one line: "node 78  192.168.1.78  up, 42 % of 4 CPUs, load 1.50…". */
export function describeNodeLine(node: NodeView, uptime: number): string {
  const name = `node ${node.id || "--"}${node.isSelf ? "*" : ""}  ${node.address}  ${node.state}`;
  if (!isAlive(node)) return `${name}, ${describeHeard(node, uptime)}`;
  const memory = formatMemory(node.memoryTotal - node.memoryFree, node.memoryTotal);
  const words = [
    `${formatShare(node.busy)} of ${describeCpus(node)}`,
    `load ${node.load.toFixed(2)}`,
    memory,
  ];
  return [name, ...words, ...describeJobNumbers(node)].join(", ");
}

/** ["3 guests, 2 processes away"]; nothing where there is neither. Views of older releases have no numbers. */
export function describeJobNumbers({ guests = 0, away = 0 }: Pick<NodeView, "guests" | "away">): string[] {
  if (guests + away === 0) return [];
  return [
    `${guests} ${guests === 1 ? "guest" : "guests"}, ${away} ${away === 1 ? "process" : "processes"} away`,
  ];
}

/** "4 CPUs". */
export function describeCpus({ cpus }: Pick<NodeView, "cpus">): string {
  return cpus === 1 ? "1 CPU" : `${cpus} CPUs`;
}

/** "heard 3 s ago". */
export function describeHeard({ heardUptime }: Pick<NodeView, "heardUptime">, uptime: number): string {
  return `heard ${formatDuration(uptime - heardUptime)} ago`;
}
