/** The host name, and the files by which programs resolve names: /etc/hosts and /etc/resolv.conf. */

import { writeFileSync } from "node:fs";
import { replaceFile } from "../system/files.ts";
import type { Lease } from "./dhcp/lease.ts";

/** Sets the kernel's hostname; Documentation/admin-guide/sysctl/kernel.rst. @throws the error of the file system */
export function setHostname(root: string, hostname: string): void {
  writeFileSync(`${root}/proc/sys/kernel/hostname`, hostname);
}

/**
 * Writes /etc/hosts with this node's name at its address, never at 127.0.0.1: setpe looks up the name to find this node
 * in the map. @throws the error of the file system
 */
export function writeHosts(root: string, hostname: string, address: string | undefined): void {
  const own = address === undefined ? "" : `${address} ${hostname}\n`;
  replaceFile(`${root}/etc/hosts`, `127.0.0.1 localhost\n::1 localhost ip6-localhost\n${own}`);
}

/**
 * Writes /etc/resolv.conf: the name servers given, those of all leases, the primary NIC's first, and the search domains.
 * @throws the error of the file system
 */
export function writeResolvers(root: string, leases: readonly Lease[], given: readonly string[] = []): void {
  const servers = new Set([...given, ...leases.flatMap(({ dns }) => dns)]);
  const domains = new Set(leases.flatMap(({ search, domain }) => search ?? domain ?? []));
  const search = domains.size === 0 ? [] : [`search ${[...domains].join(" ")}`];
  const lines = [...search, ...[...servers].map((server) => `nameserver ${server}`)];
  replaceFile(`${root}/etc/resolv.conf`, lines.map((line) => `${line}\n`).join(""));
}
