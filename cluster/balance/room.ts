/** What a process that moves by itself asks of a node before it goes there: the node knows better than its news of some seconds ago. */

import type { NodeView } from "../view.ts";
import { runningOn } from "./cost.ts";

export interface Room {
  /** The most processes that may run there, this one among them, for the move still to pay. */
  readonly running: number;
  /** Bytes in memory. */
  readonly memory: number;
}

/** A node has no room for a process that would come by itself: the next moment may be another. */
export class NoRoom extends Error {}

/** Seconds from the promise of room until the load of the node counts the guest. */
const PROMISE_SECONDS = 3;

/** The room of this node for guests that come by themselves: two of them are not promised the same processor. */
export class Rooms {
  #promises: { readonly memory: number; readonly until: number }[] = [];

  /** Promises room, or gives the reason why there is none; `now` in seconds since the start of the kernel. */
  promise({ running, memory }: Room, own: NodeView, now: number): string | undefined {
    this.#promises = this.#promises.filter(({ until }) => until > now);
    const promised = this.#promises.reduce((sum, promise) => sum + promise.memory, 0);
    if (own.memoryFree - promised < memory) return `node ${own.id} has no memory for it any more`;
    if (runningOn(own) + this.#promises.length + 1 > running)
      return `node ${own.id} has become busy meanwhile`;
    this.#promises.push({ memory, until: now + PROMISE_SECONDS });
    return undefined;
  }
}

/** Whether that is room as a request has it. */
export function isRoom(value: unknown): value is Room {
  const { running, memory } = (value ?? {}) as Partial<Record<string, unknown>>;
  return [running, memory].every((number) => typeof number === "number" && number >= 0);
}
