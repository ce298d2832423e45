/** How the kernel speaks ARP where several interfaces are in one network. */

import { writeFileSync } from "node:fs";

/**
 * Linux answers on any interface for the addresses of all. What a server then sends to one address comes in by
 * another interface, where the DHCP client of the first does not hear it; Documentation/networking/ip-sysctl.rst.
 */
const SETTINGS = { arp_ignore: 1, arp_announce: 2 } as const;

/** Has each interface speak for its own addresses alone. */
export function separateInterfaces(root: string): void {
  for (const [name, value] of Object.entries(SETTINGS)) {
    try {
      writeFileSync(`${root}/proc/sys/net/ipv4/conf/all/${name}`, `${value}\n`);
    } catch {
      // With one interface in a network nothing is amiss without it.
    }
  }
}
