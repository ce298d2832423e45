/** Speaks omdiscd on one network: asks while alone, answers who asks, says now and then that it is there. */

import type { DiscoveryPacket, DiscoveryType } from "./packet.ts";
import { untilAck, untilAnnouncement, untilNextJoin } from "./timing.ts";

export interface BeaconOptions {
  readonly send: (type: DiscoveryType) => void;
  /** Others that are thought alive. */
  readonly countOthers: () => number;
  /** Whether a node is known to gossip: then it learns of all others from a few. */
  readonly gossips: (address: number) => boolean;
  /** A node that can be heard of in no other way than by asking is there. */
  readonly hasSilent: () => boolean;
  readonly random: () => number;
}

/** How often a node with company looks whether it still has any, and asks after those that speak only when asked. */
const LOOK_AGAIN_MILLISECONDS = 60_000;

/** Answers that a node wants to its question, where it can learn the rest by gossip; each is heard by all. */
export const ENOUGH_ANSWERS = 4;
/** More than that in one second are a flood; they are all answered by the same datagram. */
const MOST_ASKERS = 256;

export class Beacon {
  readonly #options: BeaconOptions;
  readonly #timers = new Map<"join" | "ack" | "announce", NodeJS.Timeout>();
  /** Who has asked since the last answer. */
  readonly #askers = new Set<number>();
  #joins = 0;

  constructor(options: BeaconOptions) {
    this.#options = options;
    this.#join();
    this.#announce();
  }

  /** Another node has spoken. */
  hear({ type, addresses: [asker = 0] }: DiscoveryPacket): void {
    const { random, countOthers } = this.#options;
    if (type !== "join") return;
    if (this.#askers.size < MOST_ASKERS) this.#askers.add(asker);
    // One answer by multicast serves all that have asked until then.
    if (!this.#timers.has("ack")) this.#later("ack", untilAck(countOthers(), random()), () => this.#answer());
  }

  /** A node of openMosix is answered by all; one that gossips by some, or a large cluster would drown in answers. */
  #answer(): void {
    const { random, countOthers, gossips, send } = this.#options;
    const isNeeded = [...this.#askers].some((asker) => !gossips(asker));
    this.#askers.clear();
    if (isNeeded || random() < ENOUGH_ANSWERS / Math.max(countOthers(), 1)) send("ack");
  }

  /** Says goodbye, and no more. */
  leave(): void {
    this.close();
    this.#options.send("leave");
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #join(): void {
    const { random, countOthers, hasSilent, send } = this.#options;
    const isAlone = countOthers() === 0;
    if (isAlone || hasSilent()) send("join");
    this.#joins = isAlone ? this.#joins + 1 : 0;
    const delay = isAlone ? untilNextJoin(this.#joins, random()) : LOOK_AGAIN_MILLISECONDS;
    this.#later("join", delay, () => this.#join());
  }

  #announce(): void {
    const { random, countOthers, send } = this.#options;
    this.#later("announce", untilAnnouncement(countOthers() + 1, random()), () => {
      send("ack");
      this.#announce();
    });
  }

  #later(name: "join" | "ack" | "announce", milliseconds: number, run: () => void): void {
    clearTimeout(this.#timers.get(name));
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      run();
    }, milliseconds);
    this.#timers.set(name, timer);
  }
}
