/** What the rest of the program knows of the network. */

import type { NameAt } from "../dhcp/transport.ts";
import type { NetworkChange } from "./change.ts";
import type { Nic } from "./nic.ts";
import type { LinkPlan, NetworkPlan } from "./plan.ts";
import type { PreferredNic } from "./primary-nic.ts";

export interface NetworkProbe {
  /** Every NIC that is ours to configure, by index. */
  nics(): readonly Nic[];
  /** The NIC whose address makes this a node. */
  primaryNic(): Nic | undefined;
  /** The reason for the primary NIC, if there are several NICs. */
  choice(): string | undefined;
  /** What keeps the network from being as the command line asks for it, one sentence each. */
  problems(): readonly string[];
  /** Gives every lease back to its server, and ends. */
  release(): Promise<void>;
  /** Resolves when there is a first primary NIC. */
  readonly leased: Promise<void>;
  /**
   * Configures a NIC, by any of its names, in another way from now on.
   * @throws RangeError if no NIC has that name
   */
  configure(name: string, plan: LinkPlan): void;
  /**
   * Prefers a NIC, by any of its names, to all others as the primary one, as soon as it has an address.
   * @throws RangeError if no NIC has that name
   */
  makePrimary(name: string): void;
}

export interface NetworkProbeOptions {
  /** Which NICs are configured how; by default all hardware by DHCP. */
  readonly plan?: NetworkPlan;
  /** NICs that the command line prefers as primary NIC, in order of preference. */
  readonly preferredNics?: readonly PreferredNic[];
  /** The NIC from which the boot loader fetched this system, with the address it had. */
  readonly bootedFrom?: { readonly nic: string; readonly address: string };
  /** Resolves when every driver is in; by default at once. */
  readonly driversSettled?: Promise<void>;
  readonly nameAt?: NameAt;
  readonly signal: AbortSignal;
  /** Called after each change that matters to more than a screen. */
  readonly changed: (probe: NetworkProbe, change: NetworkChange) => void;
  /** Called after every change of what a screen shows of the probe, those for `changed` included. */
  readonly refreshed?: (probe: NetworkProbe) => void;
}
