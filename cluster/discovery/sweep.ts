/**
 * Which addresses of the map a node tries where there is no multicast: those around its own, as DHCP servers give
 * neighbouring addresses; one in company also any, for there may be another cluster.
 */

import type { MapEntry } from "../map/map.ts";

/** Addresses that a lone node tries in a second, and all nodes of a cluster together: each costs a broadcast of ARP. */
const TRIES_ALONE = 16;
const TRIES_TOGETHER = 32;

export class Sweep {
  readonly #random: () => number;
  /** Steps away from the own address, and how often a lone node has taken all. */
  #step = 0;
  #rounds = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The addresses to try in this second; `alive` counts the living, this node with them. */
  next(map: readonly MapEntry[], { own, alive }: { readonly own: number; readonly alive: number }): number[] {
    const ranges = map.filter(({ count }) => count > 0);
    const size = ranges.reduce((sum, { count }) => sum + count, 0);
    if (alive > 1) this.#rounds = 0;
    const tries = Math.min(alive > 1 ? this.#triesTogether(alive) : this.#triesAlone(), size);
    const start = Math.max(indexOf(ranges, own), 0);
    return Array.from({ length: tries }, (_, index) => {
      const isNear = alive === 1 || index % 2 === 0;
      return addressAt(ranges, isNear ? this.#next(start, size) : Math.floor(this.#random() * size));
    });
  }

  /** Whoever stays alone for long is likely to be so: it tries half as many after each round. */
  #triesAlone(): number {
    return Math.max(Math.floor(TRIES_ALONE / 2 ** this.#rounds), 1);
  }

  #triesTogether(alive: number): number {
    const share = Math.min(TRIES_TOGETHER / alive, TRIES_ALONE);
    return Math.floor(share) + Number(this.#random() < share % 1);
  }

  /** The next place around that one, on its one side and its other in turn, itself last. */
  #next(start: number, size: number): number {
    this.#step++;
    if (this.#step > size) {
      this.#step = 1;
      this.#rounds++;
    }
    if (this.#step === size) return start;
    const distance = Math.ceil(this.#step / 2);
    const offset = this.#step % 2 === 1 ? distance : -distance;
    return (((start + offset) % size) + size) % size;
  }
}

/** The place of an address among all that the ranges have, or -1. */
function indexOf(ranges: readonly MapEntry[], address: number): number {
  let before = 0;
  for (const range of ranges) {
    const offset = address - range.address;
    if (offset >= 0 && offset < range.count) return before + offset;
    before += range.count;
  }
  return -1;
}

function addressAt(ranges: readonly MapEntry[], index: number): number {
  let rest = index;
  for (const { address, count } of ranges) {
    if (rest < count) return address + rest;
    rest -= count;
  }
  throw new RangeError(`Cannot find place ${index} of a map: it has fewer`);
}
