/** Orders to process 1 as lines: "dhcp eth0", "static eth0 10.0.0.5/24 via 10.0.0.1 dns 10.0.0.2". */

import { type FixedAddress, parseAddressAndMask, parseGateway, parseNameServers } from "./fixed-address.ts";

export type Order =
  /** Ask a DHCP server for an address anew. */
  | { readonly do: "dhcp"; readonly nic: string }
  /** Make this NIC the primary one as soon as it has an address. */
  | { readonly do: "nic"; readonly nic: string }
  | ({ readonly do: "static"; readonly nic: string } & FixedAddress)
  | { readonly do: "start" | "stop"; readonly service: string };

export const ORDER_USAGE = `clump dhcp|nic NIC
       clump static NIC ADDRESS/PREFIX [via ROUTER] [dns ADDRESS,ADDRESS...]
       clump start|stop clumpd|clumpserve
`;

/** The first words of orders. */
export const ORDER_VERBS = ["dhcp", "nic", "static", "start", "stop"] as const;

/** The reply to an order that was carried out; any other reply is a sentence with the reason. */
export const DONE = "done";

/** @throws RangeError */
export function parseOrder(line: string): Order {
  const [verb = "", subject, ...words] = line.trim().split(/\s+/);
  const known = ORDER_VERBS.find((name) => name === verb);
  if (known === undefined || subject === undefined || (known !== "static" && words.length > 0)) {
    throw new RangeError(
      `Cannot follow "${line.trim()}": one of ${ORDER_VERBS.join(", ")}, and a name, was wanted`,
    );
  }
  if (known === "static") return { do: known, nic: subject, ...parseFixed(words) };
  return known === "dhcp" || known === "nic" ? { do: known, nic: subject } : { do: known, service: subject };
}

/** The line that `parseOrder()` reads. */
export function formatOrder(order: Order): string {
  if (order.do === "dhcp" || order.do === "nic") return `${order.do} ${order.nic}`;
  if (order.do !== "static") return `${order.do} ${order.service}`;
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
