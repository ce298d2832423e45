/** Host names and addresses, from /etc/hosts and then from DNS, with a time limit because a node may have no name server. */

import type { Resolver } from "node:dns/promises";
import { formatAddress, parseAddress } from "../../system/address/ipv4.ts";
import { readOptional } from "../../system/files.ts";
import type { ResolveHost } from "./map.ts";
import type { NameAddress } from "./report.ts";

const DNS_LIMITS = { timeout: 2_000, tries: 1 };

/** Looks names up in `<root>/etc/hosts` and then asks the name servers. */
export function createHostResolver(root: string): ResolveHost {
  return async (name) => {
    const known = readHosts(root).find(({ names }) => names.includes(name.toLowerCase()));
    if (known) return known.address;
    const answers = await (await openResolver()).resolve4(name).catch(() => []);
    return answers[0] === undefined ? undefined : parseAddress(answers[0]);
  };
}

/** Looks addresses up in `<root>/etc/hosts` and then asks the name servers. */
export function createAddressNamer(root: string): NameAddress {
  return async (address) => {
    const known = readHosts(root).find((host) => host.address === address);
    if (known) return known.names[0];
    const answers = await (await openResolver()).reverse(formatAddress(address)).catch(() => []);
    return answers[0];
  };
}

async function openResolver(): Promise<Resolver> {
  const dns = await import("node:dns/promises");
  return new dns.Resolver(DNS_LIMITS);
}

interface Host {
  readonly address: number;
  readonly names: readonly string[];
}

/** The IPv4 lines of hosts(5), names in lower case. */
function readHosts(root: string): Host[] {
  return (readOptional(`${root}/etc/hosts`) ?? "").split("\n").flatMap((line) => {
    const [place, ...names] = line.replace(/#.*/, "").trim().toLowerCase().split(/\s+/);
    const address = parseAddress(place ?? "");
    return address === undefined || names.length === 0 ? [] : [{ address, names }];
  });
}
