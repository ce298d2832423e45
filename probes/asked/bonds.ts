/** The bonds that were asked for: made, filled with their members, and ready once those are in. */

import { writeFileSync } from "node:fs";
import type { Link, Network } from "../../init/kernel/kernel.ts";
import { reason } from "../../init/machine/log.ts";
import { formatMac, isAskedFor } from "../network/names.ts";
import type { BondOption, BondRequest } from "./bond.ts";

/** For the other members, once one is in: with one the bond has its address, which a later member must not change. */
export const MEMBERS_MILLISECONDS = 1_500;

export interface BondsOptions {
  readonly network: Network;
  readonly root: string;
  readonly signal: AbortSignal;
  /** Called when a bond has become ready. */
  readonly again: () => void;
  /** Takes a sentence that completes "Cannot …". */
  readonly complain: (what: string, error: unknown) => void;
}

interface Bond {
  readonly request: BondRequest;
  index?: number;
  /** Hardware addresses by index, as they were before the bond gave them its own. */
  readonly members: Map<number, { readonly mac: string; readonly names: readonly string[] }>;
  isMade: boolean;
  isReady: boolean;
  hasAddress: boolean;
}

export class Bonds {
  readonly #options: BondsOptions;
  readonly #bonds: readonly Bond[];

  constructor(requests: readonly BondRequest[], options: BondsOptions) {
    this.#options = options;
    this.#bonds = requests.map((request) => ({
      ...{ request, members: new Map(), isMade: false, isReady: false, hasAddress: false },
    }));
  }

  /** Makes them, empty; the driver must be in. */
  make(): void {
    const { network, complain } = this.#options;
    for (const bond of this.#bonds) {
      const { name, mtu, options } = bond.request;
      try {
        network.addLink({ kind: "bond", name });
        bond.isMade = true;
        for (const option of options) this.#set(name, option);
        const made = network.links().find((link) => link.name === name);
        if (made && mtu !== undefined) network.setLink(made.index, { mtu });
      } catch (error) {
        complain(`make ${name}`, error);
      }
    }
  }

  /** Whether a bond of this name was made. */
  has(name: string): boolean {
    return this.#bonds.some(({ request, isMade }) => isMade && request.name === name);
  }

  /** The bond that wants an adapter of these names for a member. */
  nameFor(names: readonly string[]): string | undefined {
    const wanting = this.#bonds.find(
      ({ isMade, request: { members } }) =>
        isMade && (members === "all" || members.some((member) => isAskedFor(member, names))),
    );
    return wanting?.request.name;
  }

  /** Puts an adapter in a bond, and says how that went, for the screen. */
  join(link: Link, { name, names }: { readonly name: string; readonly names: readonly string[] }): string {
    const { network, complain } = this.#options;
    const bond = this.#bonds.find(({ request }) => request.name === name);
    // As things are now: what an event says may be over.
    const links = network.links();
    const master = links.find((candidate) => candidate.name === name)?.index;
    if (bond === undefined || master === undefined) return `waiting for ${name}`;
    if (bond.members.has(link.index)) return `part of ${name}`;
    try {
      if (links.find(({ index }) => index === link.index)?.master !== master) {
        // The kernel takes none that is up.
        network.setLink(link.index, { up: false });
        network.setLink(link.index, { master });
      }
    } catch (error) {
      complain(`put ${link.name} in ${name}`, error);
      return `not part of ${name}: ${reason(error)}`;
    }
    this.#note(bond, link, names);
    return `part of ${name}`;
  }

  /** Whether a bond is as it will be. Its address is then that of the first of its members, whichever came first. */
  isReady({ name, index, address }: Link): boolean {
    const bond = this.#bonds.find(({ request }) => request.name === name);
    if (bond === undefined || !bond.isReady) return false;
    const wanted = firstAddress(bond);
    if (bond.hasAddress || wanted === undefined || wanted === formatMac(address)) return true;
    bond.hasAddress = true;
    try {
      this.#options.network.setLink(index, { address: Uint8Array.fromHex(wanted.replaceAll(":", "")) });
      return false;
    } catch (error) {
      this.#options.complain(`give ${name} the address ${wanted}`, error);
      return true;
    }
  }

  #note(bond: Bond, { index, address }: Link, names: readonly string[]): void {
    const { signal, again } = this.#options;
    const isFirst = bond.members.size === 0;
    if (!bond.members.has(index)) bond.members.set(index, { mac: formatMac(address), names });
    if (bond.isReady) return;
    const ready = (): void => {
      bond.isReady = true;
      again();
    };
    const { members } = bond.request;
    // Not at once: whoever asked about this member is not done with it.
    if (members !== "all" && bond.members.size >= members.length) setImmediate(ready);
    else if (isFirst) {
      const timer = setTimeout(ready, MEMBERS_MILLISECONDS);
      signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    }
  }

  /** Documentation/networking/bonding.rst, "Configuring Bonding Manually via Sysfs". */
  #set(bond: string, [name, value]: BondOption): void {
    const { root, complain } = this.#options;
    const values = name === "arp_ip_target" ? value.split(";").map((target) => `+${target}`) : [value];
    for (const each of values) {
      try {
        writeFileSync(`${root}/sys/class/net/${bond}/bonding/${name}`, `${each}\n`);
      } catch (error) {
        complain(`set ${name}=${value} of ${bond}`, error);
      }
    }
  }
}

/** Of the first member in the order they were asked for; of "all", the lowest. */
function firstAddress({ request, members }: Bond): string | undefined {
  const present = [...members.values()];
  const inOrder =
    request.members === "all"
      ? []
      : request.members.flatMap((asked) => present.find(({ names }) => isAskedFor(asked, names)) ?? []);
  return inOrder[0]?.mac ?? present.map(({ mac }) => mac).toSorted()[0];
}
