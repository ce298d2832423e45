/** The verbs of mosctl that ask about a node, in the words of openMosix-tools 0.3.6. */

import { formatAddress, parseAddress } from "../../system/address/ipv4.ts";
import { STATUS } from "../gossip/entry.ts";
import { addressOfNode, nodeAtAddress } from "../map/map.ts";
import { atoi } from "../map/scanf.ts";
import type { NodeView } from "../view.ts";
import type { ControlContext, Reply } from "./control-context.ts";

/** What a query has instead of a node. */
type Absence = Reply;

const QUERIES: Readonly<Record<string, (node: NodeView) => string>> = {
  getload: ({ load }) => `load=${Math.round(100 * load)}`,
  getspeed: ({ speed }) => `speed=${speed}.`,
  getmem: ({ memoryFree, memoryTotal }) => `free memory = ${memoryFree} of ${memoryTotal}`,
  getfree: ({ memoryFree, memoryTotal }) => `raw free memory = ${memoryFree} of ${memoryTotal}`,
  getutil: ({ busy }) => `Utilizability = ${Math.round(100 * (1 - busy))}%`,
};

/** Other names, as mosctl takes them. */
const SYNONYMS: Readonly<Record<string, string>> = {
  speedof: "getspeed",
  memory: "getmem",
  getrawmem: "getfree",
  getrawfree: "getfree",
  getutilizability: "getutil",
  stat: "status",
};

const IS_UP: Readonly<Record<NodeView["state"], string>> = {
  silent: "no (it seems)",
  up: "yes",
  suspect: "no (it seems)",
  dead: "no",
  left: "no",
};

const HIGHEST_NUMBER = 65_535;
/** errno 0 of an openMosix node that is not configured, and exit status 0. */
const NOT_CONFIGURED: Reply = { text: "Error: Success", code: 0 };
const NO_RESPONSE: Reply = { text: "Error: no response", code: 1 };

export const QUERY_VERBS: readonly string[] = [
  ...Object.keys(QUERIES),
  ...Object.keys(SYNONYMS),
  ...["status", "isup", "whois"],
];

/** Answers a query about the node that the argument names, or about this node. */
export function answerQuery(typed: string, argument: string | undefined, context: ControlContext): Reply {
  const verb = SYNONYMS[typed] ?? typed;
  if (verb === "whois") return whoIs(argument, context);
  const node = findNode(argument, context);
  if ("code" in node) return node;
  const { state } = node;
  const isGone = state === "dead" || state === "left";
  if (verb === "isup") return answered(IS_UP[state]);
  if (verb === "status") return answered(isGone ? "down." : formatStatus(node));
  const query = QUERIES[verb];
  return query === undefined || isGone || state === "silent" ? NO_RESPONSE : answered(query(node));
}

function answered(text: string): Reply {
  return { text, code: 0 };
}

/** "up" or "down", then the settings in the order of mosctl. */
function formatStatus({ status }: NodeView): string {
  const words = (["stay", "lstay", "block", "quiet", "nomfs"] as const).filter(
    (name) => status & STATUS[name],
  );
  return `${[(status & STATUS.up) === 0 ? "down" : "up", ...words].join(",")}.`;
}

function whoIs(argument: string | undefined, context: ControlContext): Reply {
  if (argument === undefined) return answered(`This is openMosix #${context.nodes()[0]?.id ?? 0}`);
  const address = parseAddress(argument);
  if (address === undefined) {
    const node = findNode(argument, context);
    return "code" in node ? node : answered(node.address);
  }
  const text = formatAddress(address);
  const node = context.nodes().find((each) => each.address === text || each.aliases.includes(text));
  const id = node?.id || nodeAtAddress(mapOf(context), address);
  if (id === undefined) return answered(`Node at ${argument} is not configured`);
  return answered(`${argument} is openMosix #${id}`);
}

/**
 * The node with a number; this node where there is no number, as for atoi(3) in a word or 0. A node of the map that
 * was never heard is like a dead node.
 */
function findNode(argument: string | undefined, context: ControlContext): NodeView | Absence {
  const nodes = context.nodes();
  const [own] = nodes;
  const number = atoi(argument ?? "");
  const absence = answered(`Node #${number} is not configured`);
  if (own === undefined || own.id === 0) return number === 0 ? NOT_CONFIGURED : absence;
  if (number === 0) return own;
  if (number < 0 || number > HIGHEST_NUMBER) return { text: "Error: Improper node number", code: 1 };
  const claimants = nodes.filter(({ id }) => id === number);
  const living = claimants.filter(({ state }) => state !== "dead" && state !== "left");
  if (living.length > 1) {
    const addresses = living.map(({ address }) => address).join(" and ");
    return { text: `Error: node #${number} is claimed by ${addresses}`, code: 1 };
  }
  const found = living[0] ?? claimants[0];
  if (found) return found;
  const address = addressOfNode(context.map(), number);
  return address === undefined
    ? absence
    : { ...own, id: number, address: formatAddress(address), state: "dead" };
}

/** The map of a configured node; no node is in the map of another. */
function mapOf({ nodes, map }: ControlContext) {
  return nodes()[0]?.id ? map() : [];
}
