/** Which of the interfaces that the words name are there. */

import { matchesName } from "../network/names.ts";
import type { InterfaceRequest } from "./interface-request.ts";
import type { NetworkOptions } from "./options.ts";

/** A word that names an interface: "vlan=vlan5:eth0". */
interface Mention {
  readonly device: string;
  readonly word: string;
}

export class Presence {
  readonly #mentions: readonly Mention[];
  readonly #seen = new Set<string>();
  /** The two names a person is most likely to know each by. */
  readonly #here = new Set<string>();

  /** Names that have been taken in, those of VLANs and bridges that are still to come among them. */
  readonly #expected = new Set<string>();
  readonly #carried: readonly { readonly name: string; readonly below: readonly string[] }[];
  readonly #isMade: (master: string) => boolean;

  /** `isMade` says of a bond or bridge whether it could be made. */
  constructor(
    { interfaces, vlans, bonds, bridges, names, routes }: NetworkOptions,
    isMade: (master: string) => boolean,
  ) {
    this.#carried = [
      ...vlans.map(({ name, parent }) => ({ name, below: [parent] })),
      ...bridges.map(({ name, members }) => ({ name, below: members })),
    ];
    this.#isMade = (name) => !bridges.some((bridge) => bridge.name === name) || isMade(name);
    this.#mentions = [
      ...interfaces.flatMap(({ device, method }) =>
        device === undefined || method === "none" ? [] : [{ device, word: `ip= for ${device}` }],
      ),
      ...vlans.map(({ name, parent }) => ({ device: parent, word: `vlan=${name}:${parent}` })),
      ...[...bonds, ...bridges].flatMap(({ name, members }) =>
        members === "all" ? [] : members.map((device) => ({ device, word: `${device} in ${name}` })),
      ),
      ...routes.flatMap(({ device, destination, prefix }) =>
        device === undefined ? [] : [{ device, word: `rd.route=${destination}/${prefix} on ${device}` }],
      ),
      ...names.map(({ name, mac }) => ({ device: mac, word: `ifname=${name}:${mac}` })),
    ];
  }

  /** An interface of these names is there, or will be as soon as its members are together. */
  note(names: readonly string[]): void {
    this.#here.add(names.slice(0, 2).join(" or "));
    this.#see(names);
  }

  /** What is on it will be there with it. */
  #see(names: readonly string[]): void {
    for (const name of names) this.#expected.add(name);
    for (const { device } of this.#mentions) if (matchesName(device, names)) this.#seen.add(device);
    for (const { name, below } of this.#carried) {
      const isBelow = below.some((device) => matchesName(device, names));
      if (isBelow && this.#isMade(name) && !this.#expected.has(name)) this.#see([name]);
    }
  }

  /** The requests without those of interfaces that are not there. */
  present(interfaces: readonly InterfaceRequest[]): InterfaceRequest[] {
    return interfaces.filter(({ device }) => device === undefined || this.#seen.has(device));
  }

  /** One sentence for each word that names an interface that is not there. */
  problems(): string[] {
    const here = [...this.#here].join(", ") || "none";
    const missing = this.#mentions.filter(({ device }) => !this.#seen.has(device));
    return [...new Set(missing.map(({ word }) => word))].map(
      (word) => `Cannot use ${word}: no network interface has that name, and there is ${here}`,
    );
  }
}
