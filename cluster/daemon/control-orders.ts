/** The verbs of the control port that a person moves a machine with. */

import { reason } from "../../system/log.ts";
import { isNodeOrder, NODE_ORDERS } from "../power/node-orders.ts";
import type { ControlContext, Reply } from "./control-context.ts";

export const ORDER_VERBS: readonly string[] = [...NODE_ORDERS, "wake"];

const HIGHEST_NUMBER = 65_535;

/** `asker` is the IPv4 address of the machine at the other end, or nothing for this machine. */
export function answerOrder(
  verb: string,
  { argument, asker }: { readonly argument: string | undefined; readonly asker: string | undefined },
  context: ControlContext,
): Reply {
  if (verb === "wake") return wake(argument, context);
  if (!isNodeOrder(verb)) throw new RangeError(`Cannot follow ${verb}: ${ORDER_VERBS.join(", ")} was wanted`);
  try {
    context.orders.follow(verb, describeAsker(asker, context));
    return { text: "", code: 0 };
  } catch (error) {
    return { text: `Cannot follow ${verb}: ${reason(error)}`, code: 1 };
  }
}

function wake(argument: string | undefined, { orders }: ControlContext): Reply {
  const number = /^\d{1,5}$/.test(argument ?? "") ? Number(argument) : 0;
  if (argument !== "all" && (number < 1 || number > HIGHEST_NUMBER))
    return refused(
      `Cannot wake ${argument === undefined ? "a node" : `"${argument}"`}: a node number or all was wanted`,
    );
  const sleepers = orders.sleepers(argument === "all" ? "all" : number);
  if (sleepers.length === 0)
    return refused(
      argument === "all"
        ? "Cannot wake all: every node that was ever heard is up"
        : `Cannot wake node ${number}: it was never heard with its hardware address since this node is up`,
    );
  orders.wake(sleepers.map(({ mac }) => mac));
  return { text: sleepers.map(({ id, address }) => `called node ${id} (${address})`).join("\n"), code: 0 };
}

function refused(text: string): Reply {
  return { text, code: 1 };
}

function describeAsker(address: string | undefined, { nodes }: ControlContext): string {
  if (address === undefined) return "this node";
  const id = nodes().find((node) => node.address === address || node.aliases.includes(address))?.id;
  return id ? `node ${id} (${address})` : address;
}
