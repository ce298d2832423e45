/** Sees to it that no sealed datagram counts twice. */

import { livesAfter } from "../../system/serial.ts";

/** Datagrams may overtake each other by so many; one word of bits. */
const WINDOW = 32;

interface Seen {
  incarnation: number;
  highest: number;
  /** Bit n is set when `highest` minus n was seen. */
  bits: number;
}

/** Remembers what was heard of each sender, of at most `most` senders; the one longest unheard makes room. */
export class ReplayGuard {
  readonly #seen = new Map<number, Seen>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether this is new from that sender; asked only of datagrams whose seal is good. */
  accepts(sender: number, incarnation: number, sequence: number): boolean {
    const seen = this.#seen.get(sender);
    const lives = seen ? livesAfter(incarnation, seen.incarnation) : 1;
    if (seen === undefined || lives > 0) {
      this.#remember(sender, { incarnation, highest: sequence, bits: 1 });
      return true;
    }
    if (lives < 0 || !mark(seen, sequence)) return false;
    this.#remember(sender, seen);
    return true;
  }

  /** The last life that was heard of that sender, and the highest number in it. */
  latest(sender: number): { readonly incarnation: number; readonly sequence: number } | undefined {
    const seen = this.#seen.get(sender);
    return seen && { incarnation: seen.incarnation, sequence: seen.highest };
  }

  /** A Map keeps its order: what is written anew comes last. */
  #remember(sender: number, seen: Seen): void {
    this.#seen.delete(sender);
    this.#seen.set(sender, seen);
    if (this.#seen.size <= this.#most) return;
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined) this.#seen.delete(oldest);
  }
}

function mark(seen: Seen, sequence: number): boolean {
  const ahead = sequence - seen.highest;
  if (ahead > 0) {
    seen.bits = ahead >= WINDOW ? 1 : ((seen.bits << ahead) | 1) >>> 0;
    seen.highest = sequence;
    return true;
  }
  if (-ahead >= WINDOW || (seen.bits & (1 << -ahead)) !== 0) return false;
  seen.bits = (seen.bits | (1 << -ahead)) >>> 0;
  return true;
}
