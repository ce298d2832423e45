/** What process 1 does when, for `clump.trace`: kept from its first line on, until the boot knows whether to print it. */

/** A boot has about sixty events before it is configured. */
const MOST_EVENTS = 500;

interface BootEvent {
  readonly what: string;
  /** Milliseconds since the start of the runtime. */
  readonly at: number;
}

/** Does nothing before `begin()` and after `end()`, so that a program that traces nothing pays for nothing. */
export class BootTrace {
  readonly #now: () => number;
  #events: BootEvent[] | undefined;

  /** `now` gives milliseconds since the start of the runtime. */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  begin(): void {
    this.#events = [];
  }

  mark(what: string): void {
    if (this.#events !== undefined && this.#events.length < MOST_EVENTS)
      this.#events.push({ what, at: this.#now() });
  }

  /** Drops what was kept; prints it where there is a log. */
  end(log?: { info(line: string): void }): void {
    const events = this.#events ?? [];
    this.#events = undefined;
    if (log === undefined) return;
    for (const [index, { what, at }] of events.entries())
      log.info(traceLine({ what, at, since: at - (events[index - 1]?.at ?? 0) }));
  }
}

/** The trace of this process. */
export const bootTrace = new BootTrace();

/** The line of an event: milliseconds since the start of the runtime, and since the event before. The bench reads it. */
export function traceLine(event: {
  readonly what: string;
  readonly at: number;
  readonly since: number;
}): string {
  return `trace: ${event.at.toFixed(1)} ms +${event.since.toFixed(1)} ${event.what}`;
}
