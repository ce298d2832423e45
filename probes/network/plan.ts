/** Which interfaces are ours to configure, and how. */

import { existsSync } from "node:fs";
import type { Link } from "../../system/kernel/kernel.ts";
import type { Lease } from "../dhcp/lease.ts";
import type { Ipv6Setup } from "./ipv6.ts";
import type { Idleness } from "./nic.ts";

export type LinkPlan =
  /** Nobody's to configure. */
  | { readonly kind: "none" }
  /** Shown with the reason, and left alone, or brought up and no more, until asked again. */
  | { readonly kind: "idle"; readonly idle: Idleness; readonly text: string; readonly up?: boolean }
  | {
      readonly kind: "dhcp";
      /** Puts in a lease what was asked for otherwise. */
      readonly amend?: (lease: Lease) => Lease;
      /** An address to ask for first. */
      readonly wanted?: string;
      /** Type and value of option 61. */
      readonly clientId?: Uint8Array;
      readonly ipv6?: Ipv6Setup;
    }
  /** A fixed address, in the shape of a lease for ever. */
  | { readonly kind: "static"; readonly lease: Lease; readonly ipv6?: Ipv6Setup }
  /** No IPv4; without an address the one that the kernel finds for itself. */
  | { readonly kind: "ipv6"; readonly ipv6: Ipv6Setup };

export interface NetworkPlan {
  /** Asked when an interface appears; of one that is nobody's or idle, at each of its changes too. */
  forLink(link: Link): LinkPlan;
  /** Takes what is to be called when answers have become others. */
  watch?(again: () => void): void;
  /** What of the plan cannot be, one sentence each. */
  problems?(): readonly string[];
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
