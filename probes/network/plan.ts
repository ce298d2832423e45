/** Which interfaces are ours to configure, and how. */

import { existsSync } from "node:fs";
import type { Link } from "../../init/kernel/kernel.ts";
import type { Lease } from "../dhcp/lease.ts";

export type LinkPlan =
  /** Left alone. */
  | { readonly kind: "none" }
  | { readonly kind: "dhcp" }
  /** A fixed address, in the shape of a lease for ever. */
  | { readonly kind: "static"; readonly lease: Lease };

export interface NetworkPlan {
  /** Asked once for each interface, when it appears. */
  forLink(link: Link): LinkPlan;
}

/** ARPHRD_ETHER, linux/if_arp.h. */
const ETHERNET = 1;

/** DHCP on all hardware: bridges, bonds and tunnels have no device behind them and are nobody's to configure. */
export function planHardware(root: string): NetworkPlan {
  return {
    forLink({ type, name }) {
      const isAdapter = type === ETHERNET && existsSync(`${root}/sys/class/net/${name}/device`);
      return { kind: isAdapter ? "dhcp" : "none" };
    },
  };
}
