/** How fast a process would run on a node: the whole of what the decision compares. Pure. */

import { STANDARD_SPEED } from "../../probes/speed.ts";
import { STATUS } from "../gossip/entry.ts";
import type { NodeView } from "../view.ts";

/** A move is worth its trouble where the process would end so many times as soon, and not merely a little sooner. */
export const MARGIN = 1.25;

/** Seconds; older news of a node says little of what the node does now. */
const FRESH_SECONDS = 10;

/** The busy share of the last second from which on no processor of a node is free. */
const SATURATED = 0.9;

/**
 * How many processes run or want to run on a node, as the node itself says. The load is a moving average and lags behind
 * by seconds; while a processor is idle, the busy share of the last second says the same at once.
 */
export function runningOn({ load, busy, cpus, speed }: NodeView): number {
  if (busy < SATURATED) return cpus * busy;
  return Math.max(cpus, (load * cpus * speed) / STANDARD_SPEED);
}

/** The share of standard processors that each of so many running processes has on that node. */
export function rateOn({ cpus, speed }: Pick<NodeView, "cpus" | "speed">, running: number): number {
  return (speed / STANDARD_SPEED) * Math.min(1, cpus / Math.max(running, 1));
}

/** Whether processes may leave this node by themselves: `mosctl stay` and `quiet` hold all of them. */
export function mayLeave({ status }: NodeView): boolean {
  return (status & (STATUS.stay | STATUS.quiet)) === 0;
}

/** Whether processes of this node may, and not its guests alone: `mosctl lstay` holds its own. */
export function mayOwnLeave({ status }: NodeView): boolean {
  return (status & STATUS.lstay) === 0;
}

/** Whether that node can be chosen by the cluster; `now` in seconds since the start of the kernel. */
export function isTarget(
  { isSelf, state, status, heardUptime, load, busy, speed }: NodeView,
  now: number,
): boolean {
  if (isSelf || state !== "up" || now - heardUptime > FRESH_SECONDS) return false;
  // A node whose load is not known has NaN.
  return (status & STATUS.quiet) === 0 && load >= 0 && busy >= 0 && speed > 0;
}

/** Whether a node takes processes whose home it is not: `mosctl block` keeps them away. */
export function takesGuests({ status }: NodeView): boolean {
  return (status & STATUS.block) === 0;
}

/**
 * Whether this node has more running processes than processors, and another node would run one of them clearly faster.
 * The answer is cheap: only after it the processes of this node are looked at.
 */
export function isWorthALook(nodes: readonly NodeView[], now: number): boolean {
  const own = nodes.find(({ isSelf }) => isSelf);
  if (own === undefined || !mayLeave(own) || !(runningOn(own) > own.cpus)) return false;
  const here = rateOn(own, runningOn(own));
  // A node that takes no guests takes its own home; whether one is here is not known yet.
  return nodes.some((node) => isTarget(node, now) && rateOn(node, runningOn(node) + 1) >= MARGIN * here);
}
