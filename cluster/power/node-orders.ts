/** Orders that a person gives a node through the cluster. */

/** The verbs of these orders on the control port. */
export const NODE_ORDERS = ["poweroff", "reboot", "blink"] as const;
export type NodeOrder = (typeof NODE_ORDERS)[number];

/** In the log, behind the name of the node that asked. */
const MEANINGS: Readonly<Record<NodeOrder, string>> = {
  poweroff: "power off",
  reboot: "restart",
  blink: "blink the lights",
};

/** Signals to process 1, as those of busybox's commands. */
const SIGNALS = { poweroff: "SIGUSR2", reboot: "SIGTERM" } as const;

export function isNodeOrder(verb: string): verb is NodeOrder {
  return NODE_ORDERS.some((order) => order === verb);
}

/** The line for the log of the machine that follows an order. */
export function orderLine(order: NodeOrder, asker: string): string {
  return `ordered by ${asker}: ${MEANINGS[order]}`;
}

/** Follows an order on this machine, once the answer to it is on its way. @throws the error of the system */
export function followOrder(order: NodeOrder): void {
  if (order === "blink")
    Bun.spawn(["/usr/lib/clump/blink"], { stdio: ["ignore", "ignore", "ignore"] }).unref();
  else setImmediate(() => process.kill(1, SIGNALS[order]));
}
