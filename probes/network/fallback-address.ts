/** The address that a boot server gives itself where no DHCP server answers. */

import { type Log, reason } from "../../system/log.ts";
import { permanentLease } from "../dhcp/permanent-lease.ts";
import { matchesName } from "./names.ts";
import type { Nic } from "./nic.ts";
import type { LinkPlan } from "./plan.ts";

/** A switch may block a port for 30 s after its link came up (IEEE 802.1D): only then do servers hear the node. */
const FIRST_WAIT_SECONDS = 32;
/** Two nodes that were switched on together do not decide together. */
const JITTER_SECONDS = 8;
const SECOND_WAIT_SECONDS = 8;
/** Where the pool was named, no DHCP server is expected. */
const SHORT_WAIT_SECONDS = 10;

const PREFIX = 24;

/** The part of the network probe that is used here. */
interface Network {
  nics(): readonly Nic[];
  configure(name: string, plan: LinkPlan): void;
}

export interface FallbackOptions {
  /** Dotted decimal; its network has 24 bits. */
  readonly address: string;
  /** The pool that the node gives away, for the log: "192.168.77.2 to 192.168.77.254". */
  readonly pool: string;
  /** Whether a DHCP server may be there at all; where none is expected, the wait is short. */
  readonly expectsServer: boolean;
  /** Names of the preferred primary NICs, the most preferred first. */
  readonly preferred: readonly string[];
  readonly log: Log;
  readonly sleep: (seconds: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Gives a NIC the fallback address when no DHCP server has answered for long enough since the last cable came: at most
 * once, and never where there has been a lease, because then a server is there, or was.
 */
export class FallbackAddress {
  readonly #options: FallbackOptions;
  #network: Network | undefined;
  /** Names of the NICs that have a cable and no answer, the first choice first. */
  #waiting: readonly string[] = [];
  #isDecided = false;
  #waits = 0;

  constructor(options: FallbackOptions) {
    this.#options = options;
  }

  /** Takes in a change of the network. Never throws. */
  update(network: Network): void {
    const { log } = this.#options;
    this.#network = network;
    this.#isDecided ||= network.nics().some(({ lease }) => lease !== undefined);
    const before = this.#waiting;
    this.#waiting = this.#isDecided ? [] : this.#namesOfWaiting(network.nics());
    if (this.#waiting.every((name) => before.includes(name))) return;
    this.#wait().catch((error: unknown) => log.warn(`Cannot make a network: ${reason(error)}, ignoring`));
  }

  async #wait(): Promise<void> {
    const { expectsServer, random, sleep } = this.#options;
    this.#waits += 1;
    const own = this.#waits;
    const isOver = (): boolean => own !== this.#waits || this.#waiting.length === 0;
    await sleep(expectsServer ? FIRST_WAIT_SECONDS + random() * JITTER_SECONDS : SHORT_WAIT_SECONDS);
    if (isOver()) return;
    if (expectsServer) {
      for (const name of this.#waiting) this.#network?.configure(name, { kind: "dhcp" });
      await sleep(SECOND_WAIT_SECONDS);
      if (isOver()) return;
    }
    this.#take(this.#waiting[0] ?? "");
  }

  #take(name: string): void {
    const { address, pool, log } = this.#options;
    log.warn(`no DHCP server answered on ${name}: this node takes ${address} and gives away ${pool}`);
    const lease = permanentLease({ address, prefix: PREFIX, server: address });
    this.#network?.configure(name, { kind: "static", lease });
  }

  #namesOfWaiting(nics: readonly Nic[]): string[] {
    const { preferred } = this.#options;
    const rank = ({ names }: Nic): number => {
      const at = preferred.findIndex((name) => matchesName(name, names));
      return at === -1 ? preferred.length : at;
    };
    const inOrder = nics.filter(isWaiting).toSorted((a, b) => rank(a) - rank(b));
    return inOrder.map(({ link }) => link.name);
  }
}

/** False for a NIC that is part of a bond, carries VLANs or is turned off; no PC boots from the BMC of a server. */
function isWaiting({ link, idle, bus }: Nic): boolean {
  return link.carrier && idle === undefined && bus !== "of the BMC";
}
