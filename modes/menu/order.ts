/** Orders to process 1 as lines: "dhcp eth0", "static eth0 10.0.0.5/24 via 10.0.0.1 dns 10.0.0.2". */

import type { CommandHelp } from "../../system/command-help.ts";
import { SERVICES_BY_HAND } from "../services.ts";
import { type FixedAddress, parseAddressAndMask, parseGateway, parseNameServers } from "./fixed-address.ts";

export type Order =
  /** Ask a DHCP server for an address anew. */
  | { readonly do: "dhcp"; readonly nic: string }
  /** Make this NIC the primary one as soon as it has an address. */
  | { readonly do: "nic"; readonly nic: string }
  | ({ readonly do: "static"; readonly nic: string } & FixedAddress)
  | { readonly do: "start"; readonly service: ServiceByHand }
  /** With `now`, clumpd stops though processes are on other nodes, or those of others here: they end. */
  | { readonly do: "stop"; readonly service: ServiceByHand; readonly now?: true };

export type ServiceByHand = (typeof SERVICES_BY_HAND)[number];

/** The first words of orders. */
export const ORDER_VERBS = ["dhcp", "nic", "static", "start", "stop"] as const;

export type OrderVerb = (typeof ORDER_VERBS)[number];

const SERVICE_MEANINGS: Readonly<Record<ServiceByHand, string>> = {
  clumpd: "keeps this node in its cluster",
  clumpserve: "boots the other PCs of its network",
};

/** Each service that starts and stops by hand, and what the service does. */
export const SERVICE_WORDS = SERVICES_BY_HAND.map((name) => [name, SERVICE_MEANINGS[name]] as const);

const NOW = "now";

/** Each is a command of its own, `clump VERB`. */
export const ORDER_HELPS: Readonly<Record<OrderVerb, CommandHelp>> = {
  dhcp: {
    name: "clump dhcp",
    forms: ["NIC"],
    does: "asks for an address on that NIC",
    examples: ["clump dhcp eth0"],
    document: "network.md",
  },
  nic: {
    name: "clump nic",
    forms: ["NIC"],
    does: "makes that NIC the primary NIC",
    examples: ["clump nic eth1"],
    document: "network.md#the-primary-nic",
  },
  static: {
    name: "clump static",
    forms: ["NIC ADDRESS/PREFIX [via ROUTER] [dns ADDRESS,ADDRESS...]"],
    does: "gives that NIC a fixed address",
    examples: ["clump static eth0 10.0.0.5/24 via 10.0.0.1 dns 10.0.0.2"],
    document: "network.md",
  },
  start: {
    name: "clump start",
    forms: [SERVICES_BY_HAND.join("|")],
    does: "starts a service of this node",
    words: SERVICE_WORDS,
    notes: ["clumpserve reads its files from the CD or USB stick if Serve in its menu has not loaded them."],
    document: "boot-media.md#a-room-from-one-cd",
  },
  stop: {
    name: "clump stop",
    forms: [`${SERVICES_BY_HAND.join("|")} [now]`],
    does: "stops a service of this node",
    words: [
      ...SERVICE_WORDS,
      [NOW, "processes that have moved do not go home before clumpd stops: they end"],
    ],
  },
};

/** The reply to an order that was carried out; any other reply is a sentence with the reason. */
export const DONE = "done";

/** @throws RangeError */
export function parseOrder(line: string): Order {
  const [verb = "", subject, ...words] = line.trim().split(/\s+/);
  const known = ORDER_VERBS.find((name) => name === verb);
  if (known === undefined)
    throw new RangeError(`Cannot follow "${line.trim()}": one of ${ORDER_VERBS.join(", ")} was wanted`);
  const isAboutNic = known !== "start" && known !== "stop";
  const wanted = isAboutNic ? "the name of a NIC as eth0" : SERVICES_BY_HAND.join(" or ");
  if (subject === undefined) {
    const missing = isAboutNic ? "no NIC" : "no service";
    throw new RangeError(`Cannot do ${known}: ${missing} is named behind it, and ${wanted} was wanted`);
  }
  if (known === "static") return { do: known, nic: subject, ...parseFixed(words) };
  const isNow = known === "stop" && words.length === 1 && words[0] === NOW;
  if (words[0] !== undefined && !isNow)
    throw new RangeError(`Cannot use "${words[0]}": after ${known}, only ${wanted} was wanted`);
  if (known === "dhcp" || known === "nic") return { do: known, nic: subject };
  const service = SERVICES_BY_HAND.find((name) => name === subject);
  if (service === undefined) throw new RangeError(`Cannot ${known} ${subject}: ${wanted} was wanted`);
  return known === "stop" && isNow ? { do: known, service, now: true } : { do: known, service };
}

/** The line that `parseOrder()` reads. */
export function formatOrder(order: Order): string {
  if (order.do === "dhcp" || order.do === "nic") return `${order.do} ${order.nic}`;
  if (order.do === "start") return `start ${order.service}`;
  if (order.do === "stop") return `stop ${order.service}${order.now ? ` ${NOW}` : ""}`;
  const { nic, address, prefix, gateway, nameServers } = order;
  const words = ["static", nic, `${address}/${prefix}`];
  if (gateway !== undefined) words.push("via", gateway);
  if (nameServers.length > 0) words.push("dns", nameServers.join(","));
  return words.join(" ");
}

function parseFixed([address = "", ...words]: readonly string[]): FixedAddress {
  const own = parseAddressAndMask(address);
  let gateway: string | undefined;
  let nameServers: readonly string[] = [];
  for (let index = 0; index < words.length; index += 2) {
    const [name, value] = [words[index], words[index + 1]];
    if (value === undefined || (name !== "via" && name !== "dns"))
      throw new RangeError(`Cannot use "${name}": via ROUTER or dns ADDRESS,ADDRESS was wanted`);
    if (name === "via") gateway = parseGateway(value, own);
    else nameServers = [...nameServers, ...parseNameServers(value)];
  }
  return { ...own, ...(gateway !== undefined && { gateway }), nameServers };
}
