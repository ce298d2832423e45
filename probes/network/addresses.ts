import type { Link } from "../../system/kernel/kernel.ts";
import type { Machine } from "../../system/machine.ts";
import { uptime } from "../../system/uptime.ts";
import type { Lease } from "../dhcp/lease.ts";
import { applyIpv6, type Ipv6Setup, moveIpv6, switchIpv6 } from "./ipv6.ts";
import { applyLease, moveLease, restoreLease, withdrawLease } from "./lease-addresses.ts";

/** A lease, and the time of its arrival in seconds since the kernel started. */
export interface Leased {
  readonly lease: Lease;
  readonly leasedAt: number;
}

/** The addresses and routes that one interface should have in the kernel. */
export class Addresses {
  readonly #machine: Pick<Machine, "kernel" | "root" | "log">;
  #metric: number;
  #leased: Leased | undefined;
  #ipv6: Ipv6Setup | undefined;

  /** `metric` is that of the interface's routes: of two routes to one destination, the kernel uses the lower metric. */
  constructor(machine: Pick<Machine, "kernel" | "root" | "log">, metric: number) {
    this.#machine = machine;
    this.#metric = metric;
  }

  /** Replaces the previous lease, if any. @throws SyscallError */
  take(link: Link, lease: Lease): Leased {
    const { kernel, log } = this.#machine;
    const previous = this.#leased?.lease;
    applyLease(kernel.network, link, lease, {
      ...{ metric: this.#metric, log },
      ...(previous && { previous }),
    });
    this.#leased = { lease, leasedAt: uptime() };
    return this.#leased;
  }

  /** Switches IPv6 on and applies the requested addresses and routes; those already applied stay as they are. */
  addIpv6(link: Link, setup: Ipv6Setup | undefined): void {
    const { kernel, root, log } = this.#machine;
    switchIpv6(root, link.name, true);
    if (setup === undefined || setup === this.#ipv6) return;
    applyIpv6(kernel.network, link, { setup, metric: this.#metric, log });
    this.#ipv6 = setup;
  }

  /** Takes the lease back. */
  withdraw(link: Link): void {
    const { kernel, log } = this.#machine;
    const lease = this.#leased?.lease;
    if (lease !== undefined) withdrawLease(kernel.network, link, lease, { metric: this.#metric, log });
    this.#leased = undefined;
  }

  /** The link was down perhaps: then the kernel has dropped its routes, and the addresses of IPv6 (addrconf_ifdown()). */
  restore(link: Link): void {
    const { kernel, log } = this.#machine;
    const options = { metric: this.#metric, log };
    if (this.#leased !== undefined)
      restoreLease(kernel.network, link, this.#leased.lease, { ...options, age: this.#age() });
    if (this.#ipv6 !== undefined) applyIpv6(kernel.network, link, { ...options, setup: this.#ipv6 });
  }

  setMetric(link: Link, metric: number): void {
    const { kernel, log } = this.#machine;
    if (metric === this.#metric) return;
    const change = { from: this.#metric, to: metric, log };
    this.#metric = metric;
    if (this.#leased !== undefined)
      moveLease(kernel.network, link, this.#leased.lease, { ...change, age: this.#age() });
    if (this.#ipv6 !== undefined) moveIpv6(kernel.network, link, { ...change, setup: this.#ipv6 });
  }

  #age(): number {
    return uptime() - (this.#leased?.leasedAt ?? 0);
  }
}
