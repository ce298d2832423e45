/** Which interfaces are ours to configure, and how. */

import { existsSync } from "node:fs";
import type { Link } from "../../system/kernel/kernel.ts";
import type { Lease } from "../dhcp/lease.ts";
import type { Ipv6Setup } from "./ipv6.ts";
import type { Idleness } from "./nic.ts";

export type LinkPlan =
  /** Not ours to configure. */
  | { readonly kind: "none" }
  /** Shown with the reason, and left alone, or only brought up, until the next plan. */
  | { readonly kind: "idle"; readonly idle: Idleness; readonly text: string; readonly up?: boolean }
  | {
      readonly kind: "dhcp";
      /** Amends a lease by what the command line says. */
      readonly amend?: (lease: Lease) => Lease;
      /** An address to ask for first. */
      readonly wanted?: string;
      /** Type and value of option 61. */
      readonly clientId?: Uint8Array;
      readonly ipv6?: Ipv6Setup;
    }
  /** A fixed address, in the shape of a lease for ever. */
  | { readonly kind: "static"; readonly lease: Lease; readonly ipv6?: Ipv6Setup }
  /** No IPv4; without addresses, the kernel's autoconfiguration. */
  | { readonly kind: "ipv6"; readonly ipv6: Ipv6Setup };

export interface NetworkPlan {
  /** Brings the links into the shape that the plan needs, before they are looked at; the only call that changes links. */
  reconcile?(): void;
  /**
   * What a link gets, as things were at the last `reconcile()`. Asked when a link appears; for a link that is
   * idle or not ours, also at each of its changes.
   */
  forLink(link: Link): LinkPlan;
  /** Registers a listener for when the answers may have changed. */
  watch?(again: () => void): void;
  /** One sentence for each part of the plan that cannot be carried out. */
  problems?(): readonly string[];
}

/** ARPHRD_ETHER, linux/if_arp.h. */
const ETHERNET = 1;

/** Whether there is hardware under a link: bridges, bonds and tunnels have no device behind them. */
export function isAdapter(root: string, { type, name }: Pick<Link, "type" | "name">): boolean {
  return type === ETHERNET && existsSync(`${root}/sys/class/net/${name}/device`);
}

/** DHCP on all hardware; every other link is not ours to configure. */
export function planHardware(root: string): NetworkPlan {
  return { forLink: (link) => ({ kind: isAdapter(root, link) ? "dhcp" : "none" }) };
}
