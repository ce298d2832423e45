import type { NodeView } from "../../cluster/view.ts";
import { formatDuration, formatMemory, formatShare } from "../../system/amounts.ts";
import { isAlive } from "./totals.ts";

/** A node on one line: "node 78  192.168.1.78  up, 42 % of 4 CPUs, load 1.50…". */
export function describeNodeLine(node: NodeView, uptime: number): string {
  const name = `node ${node.id || "--"}${node.isSelf ? "*" : ""}  ${node.address}  ${node.state}`;
  if (!isAlive(node)) return `${name}, ${describeHeard(node, uptime)}`;
  const memory = formatMemory(node.memoryTotal - node.memoryFree, node.memoryTotal);
  return `${name}, ${formatShare(node.busy)} of ${describeCpus(node)}, load ${node.load.toFixed(2)}, ${memory}`;
}

/** "4 CPUs". */
export function describeCpus({ cpus }: Pick<NodeView, "cpus">): string {
  return cpus === 1 ? "1 CPU" : `${cpus} CPUs`;
}

/** "heard 3 s ago". */
export function describeHeard({ heardUptime }: Pick<NodeView, "heardUptime">, uptime: number): string {
  return `heard ${formatDuration(uptime - heardUptime)} ago`;
}
