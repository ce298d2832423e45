/** One interface: brings the link up, configures it as planned, and applies its leases. */

import type { Link } from "../../system/kernel/kernel.ts";
import { type Log, reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import { present } from "../../system/optional.ts";
import { RateLimitedLog } from "../../system/rate-limited-log.ts";
import { uptime } from "../../system/uptime.ts";
import { describeConflict, guardAddress } from "../arp/guard.ts";
import { type DhcpClient, startDhcpClient } from "../dhcp/client.ts";
import type { Lease } from "../dhcp/lease.ts";
import type { StatusText } from "../dhcp/report.ts";
import type { NameAt } from "../dhcp/transport.ts";
import { Addresses } from "./addresses.ts";
import { changesBetween, type NetworkChange } from "./change.ts";
import { switchIpv6 } from "./ipv6.ts";
import { matchesName } from "./names.ts";
import { findHardware, type Nic } from "./nic.ts";
import { persist } from "./persist.ts";
import type { LinkPlan } from "./plan.ts";

export interface InterfaceOptions {
  readonly plan: LinkPlan;
  /** The interface from which the boot loader fetched this system, with the address it had. */
  readonly bootedFrom?: { readonly nic: string; readonly address: string };
  readonly nameAt?: NameAt;
  /** Of its routes, until `setMetric()`. */
  readonly metric: number;
  readonly signal: AbortSignal;
  /** Called after every change of `nic`; the list is empty if only texts for a screen changed. */
  readonly changed: (changes: readonly NetworkChange[]) => void;
}

type Surroundings = Pick<Machine, "kernel" | "root" | "log">;

/** The screen's text for an interface that `ip=` limits to IPv6. */
export const IPV6_ALONE = {
  text: "IPv6 alone, as ip= asks",
  hint: "no node of the cluster: its map takes IPv4 addresses",
};

export class NetworkInterface {
  readonly #machine: Surroundings;
  readonly #options: InterfaceOptions;
  readonly #addresses: Addresses;
  /** Another machine of the network causes its lines, as often as it likes. */
  readonly #conflictLog: Log;
  #plan: LinkPlan;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #nic: Nic;
  #isUp = false;
  #hasBegun = false;
  #endGuard = new AbortController();
  #client: DhcpClient | undefined;

  constructor(machine: Surroundings, link: Link, options: InterfaceOptions) {
    this.#machine = machine;
    this.#options = options;
    this.#plan = options.plan;
    this.#conflictLog = new RateLimitedLog(machine.log);
    this.#addresses = new Addresses(machine, options.metric);
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    const hardware = findHardware(machine.root, link);
    machine.log.info([hardware.device, "->", link.name].filter(Boolean).join(" "));
    this.#nic = { link, ...hardware, text: "coming up", state: "INIT", since: uptime() };
  }

  get nic(): Nic {
    return this.#nic;
  }

  /** Brings the link up and begins to configure it. A failure shows in `nic`, and is retried. */
  start(): void {
    const plan = this.#plan;
    if (plan.kind === "idle") this.#change({ text: plan.text, idle: plan.idle });
    if (plan.kind === "idle" && !plan.up) return;
    this.#persist(() => this.#begin());
  }

  get isIdle(): boolean {
    return this.#nic.idle !== undefined;
  }

  /** Gives an idle interface another plan, or another reason to be idle. */
  replan(plan: LinkPlan): void {
    if (plan.kind === "none" || (plan.kind === "ipv6" && this.#plan.kind === "ipv6")) return;
    if (plan.kind === "idle" && plan.text === this.#nic.text && plan.idle === this.#nic.idle) return;
    const { idle: _, ...rest } = this.#nic;
    this.#become({ ...rest, ...findHardware(this.#machine.root, rest.link), since: uptime() });
    this.#plan = plan;
    this.#hasBegun = false;
    this.start();
  }

  /** The kernel says that the link has changed. */
  update(link: Link): void {
    if (Bun.deepEquals(link, this.#nic.link)) return;
    const before = this.#nic.link.carrier;
    this.#change({ link });
    if (before === link.carrier) return;
    this.#client?.carrier(link.carrier);
    if (!link.carrier) this.#endGuard.abort();
    if (!link.carrier || !this.#hasBegun) return;
    this.#addresses.restore(link);
    if (this.#plan.kind === "static") this.#guard(this.#plan.lease);
  }

  /** Of its routes. */
  setMetric(metric: number): void {
    this.#addresses.setMetric(this.#nic.link, metric);
  }

  /** Gives its lease back. */
  async release(): Promise<void> {
    await this.#client?.release();
  }

  /** Takes the lease off the interface. */
  withdraw(): void {
    this.#takeLease(undefined);
  }

  /** Ends all activity; applied addresses and routes stay. */
  stop(): void {
    this.#stop.abort();
  }

  #persist(act: () => void): void {
    persist(act, { signal: this.#signal, failed: (error) => this.#sayFailure(error) });
  }

  #begin(): void {
    // Another try may have come between.
    if (this.#hasBegun) return;
    const { link } = this.#nic;
    const { kernel, root } = this.#machine;
    if (!this.#isUp) {
      // Before the link is up: the first multicast joins of IPv6 make some adapters deaf for a second.
      switchIpv6(root, link.name, false);
      kernel.network.setLink(link.index, { up: true });
      this.#isUp = true;
    }
    if (this.#plan.kind === "idle") return;
    this.#configure();
    this.#hasBegun = true;
  }

  #sayFailure(error: unknown): void {
    const line = `Cannot bring up ${this.#nic.link.name}: ${reason(error)}, trying again`;
    if (line !== this.#nic.text) this.#machine.log.warn(line);
    this.#change({ text: line });
  }

  #configure(): void {
    const { nameAt, bootedFrom } = this.#options;
    const plan = this.#plan;
    const { link, names } = this.#nic;
    const { kernel, log } = this.#machine;
    this.#useFixed();
    if (plan.kind === "ipv6") {
      this.#addresses.addIpv6(link, plan.ipv6);
      const own = plan.ipv6.addresses.map(({ address }) => address);
      const text = [...own, IPV6_ALONE.text].join(", ");
      // No lease is to be waited for.
      this.#change({ ...IPV6_ALONE, text, idle: "for good", since: uptime() });
    }
    if (plan.kind !== "dhcp") return;
    const { amend = (lease: Lease): Lease => lease, clientId } = plan;
    const isBooted = bootedFrom !== undefined && matchesName(bootedFrom.nic, names);
    const previous = plan.wanted ?? (isBooted ? bootedFrom.address : undefined);
    this.#client = startDhcpClient({
      link,
      carrier: link.carrier,
      network: kernel.network,
      ...(previous && { previous }),
      ...(clientId && { clientId }),
      ...(nameAt && { nameAt }),
      log,
      signal: this.#signal,
      onLease: (lease) => this.#takeLease(lease && amend(lease)),
      onState: (status) => this.#showState(status),
    });
  }

  #useFixed(): void {
    const plan = this.#plan;
    if (plan.kind !== "static") return;
    this.#takeLease(plan.lease);
    this.#change({ text: `${plan.lease.address}, static`, state: "BOUND", since: uptime() });
    this.#guard(plan.lease);
  }

  /** A cable may lead to another network than before. */
  #guard({ address }: Lease): void {
    const { kernel } = this.#machine;
    const log = this.#conflictLog;
    const { link } = this.#nic;
    this.#endGuard.abort();
    this.#endGuard = new AbortController();
    this.#setConflict(undefined);
    if (!link.carrier) return;
    const signal = AbortSignal.any([this.#signal, this.#endGuard.signal]);
    const changed = (mac: string | undefined): void => {
      if (mac === this.#nic.conflict) return;
      if (mac !== undefined) log.warn(describeConflict({ name: link.name, address, mac }));
      else log.info(`${address} of ${link.name} is the address of nobody else any more`);
      this.#setConflict(mac);
    };
    guardAddress(address, { link, network: kernel.network, log, signal, changed });
  }

  #setConflict(mac: string | undefined): void {
    const { conflict: _, ...rest } = this.#nic;
    this.#become({ ...rest, ...present("conflict", mac) });
  }

  #takeLease(lease: Lease | undefined): void {
    const { lease: previous, leasedAt: _, ...rest } = this.#nic;
    const { link } = rest;
    if (lease !== undefined) {
      const leased = this.#addresses.take(link, lease);
      this.#addresses.addIpv6(link, "ipv6" in this.#plan ? this.#plan.ipv6 : undefined);
      this.#change(leased);
    } else if (previous !== undefined) {
      this.#addresses.withdraw(link);
      this.#become(rest);
    }
  }

  #showState(status: StatusText): void {
    const { state: before, since, hint: _, conflict: __, ...rest } = this.#nic;
    const state = this.#client?.state ?? "INIT";
    this.#become({ ...rest, ...status, state, since: state === before ? since : uptime() });
  }

  #change(change: Partial<Nic>): void {
    this.#become({ ...this.#nic, ...change });
  }

  #become(nic: Nic): void {
    const before = this.#nic;
    this.#nic = nic;
    this.#options.changed(changesBetween(before, nic));
  }
}
