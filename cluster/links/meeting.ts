/** Brings the two halves of a guest's link together: its supervisor's connection, and the connection of its home. */

import type { Socket } from "node:net";
import { splice } from "./first-line.ts";

type Side = "supervisor" | "home";

interface Meeting {
  readonly waiting: Partial<Record<Side, Socket>>;
  /** Milliseconds of performance.now() from which the link has not been whole; absent while it is. */
  apartSince?: number;
}

export class Meetings {
  readonly #meetings = new Map<string, Meeting>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A later connection of a side takes the place of an earlier one: that end has lost the earlier one. */
  arrive(job: string, side: Side, socket: Socket): void {
    // Both halves of a whole link end together, and its other half comes anew.
    if (this.#meetings.get(job)?.apartSince === undefined) this.forget(job);
    const meeting = this.#of(job);
    meeting.waiting[side]?.destroy();
    meeting.waiting[side] = socket;
    socket.on("close", () => {
      if (meeting.waiting[side] === socket) delete meeting.waiting[side];
      meeting.apartSince ??= this.#now();
    });
    const { supervisor, home } = meeting.waiting;
    if (supervisor === undefined || home === undefined) return;
    delete meeting.apartSince;
    splice(supervisor, home);
  }

  /** Milliseconds for which the link of that job has not been whole; 0 while it is. */
  apartFor(job: string): number {
    const { apartSince } = this.#of(job);
    return apartSince === undefined ? 0 : this.#now() - apartSince;
  }

  forget(job: string): void {
    const { waiting } = this.#of(job);
    waiting.supervisor?.destroy();
    waiting.home?.destroy();
    this.#meetings.delete(job);
  }

  #of(job: string): Meeting {
    const known = this.#meetings.get(job);
    if (known !== undefined) return known;
    const fresh: Meeting = { waiting: {}, apartSince: this.#now() };
    this.#meetings.set(job, fresh);
    return fresh;
  }
}
