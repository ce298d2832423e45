/** The carrier of a link that flaps: lost at once, and back only once it has lasted. */

import type { Link } from "../../system/kernel/kernel.ts";

/**
 * How long a carrier must last if its previous change came less than that before. A switch that trains a port, or a bad
 * plug, changes the carrier many times a second, and each return would cost a DHCP exchange.
 */
export const STEADY_MILLISECONDS = 1_000;

interface Carrier {
  /** The kernel's latest word. */
  readonly seen: boolean;
  /** Whether the carrier counts. */
  readonly counts: boolean;
  readonly changedAt: number;
  /** Changes since the link was steady last, and when the first of them came. */
  readonly changes: number;
  readonly restlessSince: number;
}

/** The changes of a link before it became steady again. */
interface Flapping {
  readonly changes: number;
  readonly milliseconds: number;
}

/** The carriers of all links, by index; all times in milliseconds of a clock that never goes back. */
export class SteadyCarriers {
  readonly #carriers = new Map<number, SteadyCarrier>();

  /** Takes in the kernel's word on a link, and answers the link with the carrier that counts. */
  see<L extends Pick<Link, "index" | "carrier">>(link: L, now: number): L {
    const known = this.#carriers.get(link.index) ?? new SteadyCarrier();
    this.#carriers.set(link.index, known);
    known.see(link.carrier, now);
    return { ...link, carrier: known.counts(now) };
  }

  /** Forgets the links that are not among these. */
  keep(links: readonly Pick<Link, "index">[]): void {
    const there = new Set(links.map(({ index }) => index));
    for (const index of this.#carriers.keys()) if (!there.has(index)) this.#carriers.delete(index);
  }

  /** A sentence on each link that flapped and is steady again: once. */
  report(links: readonly Pick<Link, "index" | "name">[], now: number): string[] {
    return links.flatMap(({ index, name }) => {
      const flapping = this.#carriers.get(index)?.takeFlapping(now);
      if (flapping === undefined) return [];
      const seconds = (flapping.milliseconds / 1_000).toFixed(1);
      return [`${name}: its carrier changed ${flapping.changes} times in ${seconds} s, and is steady now`];
    });
  }

  /** Milliseconds until the next link becomes steady, `undefined` where all are. */
  wait(now: number): number | undefined {
    const waits = [...this.#carriers.values()].map((carrier) => carrier.wait(now)).filter((wait) => wait > 0);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }
}

class SteadyCarrier {
  #carrier: Carrier | undefined;

  see(seen: boolean, now: number): void {
    const before = this.#carrier;
    if (before === undefined) {
      this.#carrier = { seen, counts: seen, changedAt: -Infinity, changes: 0, restlessSince: now };
      return;
    }
    if (seen === before.seen) return;
    const isSteady = now - before.changedAt >= STEADY_MILLISECONDS;
    this.#carrier = {
      seen,
      counts: seen && isSteady,
      changedAt: now,
      changes: isSteady ? 1 : before.changes + 1,
      restlessSince: isSteady ? now : before.restlessSince,
    };
  }

  /** Whether there is a carrier that counts. */
  counts(now: number): boolean {
    const carrier = this.#carrier;
    return carrier !== undefined && (carrier.counts || (carrier.seen && this.#rest(now) === 0));
  }

  /** Milliseconds until there is something to do once the link is steady, 0 where there is nothing. */
  wait(now: number): number {
    const carrier = this.#carrier;
    const isPending = carrier !== undefined && (carrier.seen !== carrier.counts || carrier.changes > 2);
    return isPending ? this.#rest(now) : 0;
  }

  takeFlapping(now: number): Flapping | undefined {
    const carrier = this.#carrier;
    if (carrier === undefined || this.#rest(now) > 0) return undefined;
    this.#carrier = { ...carrier, counts: carrier.seen, changes: 0 };
    const { changes, changedAt, restlessSince } = carrier;
    return changes > 2 ? { changes, milliseconds: changedAt - restlessSince } : undefined;
  }

  /** Milliseconds until the link is steady. */
  #rest(now: number): number {
    return Math.max(0, (this.#carrier?.changedAt ?? -Infinity) + STEADY_MILLISECONDS - now);
  }
}
