/** Gives an interface its name, MAC and MTU, and the VLANs on it: each once, whether it works or not. */

import { formatMac } from "../../system/address/mac.ts";
import type { Link, Network } from "../../system/kernel/kernel.ts";
import { matchesName } from "../network/names.ts";
import type { Decision } from "./decision.ts";
import type { NetworkOptions } from "./options.ts";

export interface ShaperOptions {
  readonly network: Network;
  /** Takes a sentence that completes "Cannot …". */
  readonly complain: (what: string, error: unknown) => void;
}

export class Shaper {
  readonly #requested: Pick<NetworkOptions, "names" | "vlans">;
  readonly #options: ShaperOptions;
  readonly #tried = new Set<string>();

  constructor(requested: Pick<NetworkOptions, "names" | "vlans">, options: ShaperOptions) {
    this.#requested = requested;
    this.#options = options;
  }

  /**
   * True where it is getting another name now: the kernel will say that it has changed. Whoever has a name that was
   * given to another gives it up, so that two may also swap theirs.
   */
  rename({ index, name, address }: Link): boolean {
    const links = this.#options.network.links();
    const now = links.find((link) => link.index === index)?.name ?? name;
    if (now !== name) return true;
    const mac = formatMac(address);
    const isTaken = this.#requested.names.some((request) => request.name === name && request.mac !== mac);
    const wanted =
      this.#requested.names.find((request) => request.mac === mac)?.name ??
      (isTaken ? this.#freeName(links) : name);
    if (wanted === name) return false;
    return this.#once(`name ${index} ${wanted}`, `call ${name} ${wanted}`, () => {
      const holder = links.find((link) => link.name === wanted);
      if (holder) this.#setName(holder.index, this.#freeName(links));
      this.#setName(index, wanted);
    });
  }

  /** True where it is getting another MAC now: the kernel will say that it has changed. */
  changeAddress({ index, name, address }: Link, { mac }: Decision): boolean {
    if (mac === undefined || mac === formatMac(address)) return false;
    return this.#once(`address ${index}`, `give ${name} the MAC ${mac}`, () => {
      this.#options.network.setLink(index, { address: Uint8Array.fromHex(mac.replaceAll(":", "")) });
    });
  }

  setMtu({ index, name, mtu }: Link, { mtu: wanted }: Decision): void {
    if (wanted === undefined || wanted === mtu) return;
    this.#once(`mtu ${index}`, `give ${name} an MTU of ${wanted}`, () => {
      this.#options.network.setLink(index, { mtu: wanted });
    });
  }

  /** Makes the VLANs that were asked for on this interface, and gives their names. */
  makeVlans({ index, name }: Link, names: readonly string[]): string[] {
    const carried = this.#requested.vlans.filter(({ parent }) => matchesName(parent, names));
    for (const vlan of carried) {
      this.#once(`vlan ${vlan.name} ${index}`, `make ${vlan.name} on ${name}`, () => {
        this.#options.network.addLink({ kind: "vlan", name: vlan.name, id: vlan.id, parent: index });
      });
    }
    return carried.map((vlan) => vlan.name);
  }

  #setName(index: number, name: string): void {
    // The kernel renames none that is up.
    this.#options.network.setLink(index, { up: false });
    this.#options.network.setLink(index, { name });
  }

  /** A name as the kernel gives them, that nobody has or is to have. */
  #freeName(links: readonly Link[]): string {
    const taken = new Set([...links, ...this.#requested.names].map(({ name }) => name));
    let number = 0;
    while (taken.has(`eth${number}`)) number += 1;
    return `eth${number}`;
  }

  /** True where it was done now, false where it failed or had been tried before. */
  #once(key: string, what: string, act: () => void): boolean {
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    try {
      act();
      return true;
    } catch (error) {
      this.#options.complain(what, error);
      return false;
    }
  }
}
