/** How the kernel speaks ARP where several interfaces are in one network. */

import { writeFileSync } from "node:fs";

/**
 * By default Linux answers ARP on any interface for the addresses of all interfaces. A server's packets to one address
 * then arrive on another interface, where the address's DHCP client does not hear them; ip-sysctl.rst.
 */
const SETTINGS = { arp_ignore: 1, arp_announce: 2 } as const;

/** Has each interface speak for its own addresses alone. */
export function separateInterfaces(root: string): void {
  for (const [name, value] of Object.entries(SETTINGS)) {
    try {
      writeFileSync(`${root}/proc/sys/net/ipv4/conf/all/${name}`, `${value}\n`);
    } catch {
      // The setting matters only where several interfaces are in one network.
    }
  }
}
