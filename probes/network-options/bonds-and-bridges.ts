/** The bonds and bridges that were asked for: made, filled with their members, and ready once those are in. */

import { formatMac } from "../../system/address/mac.ts";
import type { Link, Network } from "../../system/kernel/kernel.ts";
import { reason } from "../../system/log.ts";
import { matchesName } from "../network/names.ts";
import { enslave, type MasterRequest, makeMaster } from "./master-link.ts";
import type { NetworkOptions } from "./options.ts";

/** For the other members, once one is in: with one it has that one's address, which a later member must not change. */
export const MEMBERS_MILLISECONDS = 1_500;

export interface MastersOptions {
  readonly network: Network;
  readonly root: string;
  readonly signal: AbortSignal;
  /** Called when one has become ready. */
  readonly again: () => void;
  /** Takes a sentence that completes "Cannot …". */
  readonly complain: (what: string, error: unknown) => void;
}

interface Master {
  readonly request: MasterRequest;
  /** Hardware addresses by index, as they were before a bond gave them its own. */
  readonly members: Map<number, { readonly mac: string; readonly names: readonly string[] }>;
  isMade: boolean;
  isReady: boolean;
  hasAddress: boolean;
}

export class Masters {
  readonly #options: MastersOptions;
  readonly #masters: readonly Master[];

  constructor({ bonds, bridges }: Pick<NetworkOptions, "bonds" | "bridges">, options: MastersOptions) {
    this.#options = options;
    const requests: MasterRequest[] = [
      ...bonds.map((bond) => ({ kind: "bond", ...bond }) as const),
      ...bridges.map((bridge) => ({ kind: "bridge", ...bridge }) as const),
    ];
    this.#masters = requests.map((request) => ({
      ...{ request, members: new Map(), isMade: false, isReady: false, hasAddress: false },
    }));
  }

  /** Makes them, empty; their drivers must be in. */
  make(): void {
    for (const master of this.#masters) master.isMade = makeMaster(master.request, this.#options);
  }

  /** Whether one of this name was made. */
  has(name: string): boolean {
    return this.#masters.some(({ request, isMade }) => isMade && request.name === name);
  }

  /** The one that wants an interface of these names for a member; "all" are the adapters. */
  nameFor(names: readonly string[], isAdapter: boolean): string | undefined {
    const wanting = this.#masters.find(
      ({ isMade, request: { members } }) =>
        isMade && (members === "all" ? isAdapter : members.some((member) => matchesName(member, names))),
    );
    return wanting?.request.name;
  }

  /** Makes an interface a member, and says how that went, for the screen. */
  join(link: Link, { name, names }: { readonly name: string; readonly names: readonly string[] }): string {
    const { network, root, complain } = this.#options;
    const master = this.#masters.find(({ request }) => request.name === name);
    // As things are now: what an event says may be over.
    const links = network.links();
    const index = links.find((candidate) => candidate.name === name)?.index;
    if (master === undefined || index === undefined) return `waiting for ${name}`;
    if (master.members.has(link.index)) return `part of ${name}`;
    try {
      if (links.find((candidate) => candidate.index === link.index)?.master !== index)
        enslave({ network, root }, link, { kind: master.request.kind, index });
    } catch (error) {
      complain(`put ${link.name} in ${name}`, error);
      return `not part of ${name}: ${reason(error)}`;
    }
    this.#note(master, link, names);
    return `part of ${name}`;
  }

  /** Whether one is as it will be. Its address is then that of the first of its members, whichever came first. */
  isReady({ name, index, address }: Link): boolean {
    const master = this.#masters.find(({ request }) => request.name === name);
    if (master === undefined || !master.isReady) return false;
    const wanted = firstAddress(master);
    const isThere = wanted === formatMac(address);
    if (master.hasAddress || wanted === undefined) return true;
    // A bond keeps the one it has; a bridge that was given none takes the lowest of its ports as these come and go.
    if (isThere && master.request.kind === "bond") return true;
    master.hasAddress = true;
    try {
      this.#options.network.setLink(index, { address: Uint8Array.fromHex(wanted.replaceAll(":", "")) });
      return isThere;
    } catch (error) {
      this.#options.complain(`give ${name} the address ${wanted}`, error);
      return true;
    }
  }

  #note(master: Master, { index, address }: Link, names: readonly string[]): void {
    const { signal, again } = this.#options;
    const isFirst = master.members.size === 0;
    if (!master.members.has(index)) master.members.set(index, { mac: formatMac(address), names });
    if (master.isReady) return;
    const ready = (): void => {
      master.isReady = true;
      again();
    };
    const { members } = master.request;
    // Not at once: whoever asked about this member is not done with it.
    if (members !== "all" && master.members.size >= members.length) setImmediate(ready);
    else if (isFirst) {
      const timer = setTimeout(ready, MEMBERS_MILLISECONDS);
      signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    }
  }
}

/** Of the first member in the order they were asked for; of "all", the lowest. */
function firstAddress({ request, members }: Master): string | undefined {
  const present = [...members.values()];
  const inOrder =
    request.members === "all"
      ? []
      : request.members.flatMap((member) => present.find(({ names }) => matchesName(member, names)) ?? []);
  return inOrder[0]?.mac ?? present.map(({ mac }) => mac).toSorted()[0];
}
