/** Keeps the clock right by time servers of leases and of `ip=`: the clock of a PC with an empty battery starts in 1980. */

import type { SystemClock } from "../../system/kernel/kernel.ts";
import { type Log, reason } from "../../system/log.ts";
import { type Clock, systemClock } from "../dhcp/clock.ts";
import { KissOfDeath } from "./packet.ts";
import { queryOffset } from "./query.ts";

/** The wait between two polls (RFC 4330, section 10): it doubles while the clock is right. */
const SHORTEST_WAIT = 64_000;
const LONGEST_WAIT = 1_024_000;
/** Each wait is longer by up to this part, so that nodes that booted together do not ask together. */
const WAIT_FUZZ = 1 / 8;
/** A clock that is further off is polled again soon. */
const RIGHT_MILLISECONDS = 100;
/** Codes that forbid the client to ask this server again (RFC 4330, section 8). */
const NEVER_AGAIN = ["DENY", "RSTR"];

export interface TimeClientOptions {
  readonly kernel: { readonly clock: SystemClock };
  readonly log: Log;
  readonly clock?: Clock;
  readonly query?: (server: string) => Promise<number>;
}

/** Steps the clock at the first answer, and slews it from then on, so that programs do not see time jump. */
export class TimeClient {
  readonly #options: TimeClientOptions;
  readonly #clock: Clock;
  #servers: readonly string[] = [];
  /** Servers that forbade the client to ask again. */
  readonly #denied = new Set<string>();
  /** The last fault of each server, and of the clock, as the log names it. */
  readonly #faults = new Map<string, string>();
  #hasStepped = false;
  #wait = SHORTEST_WAIT;
  #stopTimer = (): void => {};

  constructor(options: TimeClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Takes the addresses of the servers, in the order to ask them; polls at once if they differ from those before. */
  update(servers: readonly string[]): void {
    if (servers.join() === this.#servers.join()) return;
    this.#servers = servers;
    this.#faults.clear();
    this.#stopTimer();
    this.#wait = SHORTEST_WAIT;
    void this.#poll();
  }

  async #poll(): Promise<void> {
    const servers = this.#servers;
    let isRight = true;
    for (const server of servers) {
      if (this.#denied.has(server)) continue;
      const offset = await this.#ask(server);
      if (servers !== this.#servers) return;
      if (offset === undefined) continue;
      isRight = this.#set(offset, server);
      break;
    }
    if (servers.every((server) => this.#denied.has(server))) return;
    if (!isRight) this.#wait = SHORTEST_WAIT;
    const fuzz = 1 + (this.#clock.random() / 0xffffffff) * WAIT_FUZZ;
    this.#stopTimer = this.#clock.after(this.#wait * fuzz, () => void this.#poll());
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  async #ask(server: string): Promise<number | undefined> {
    const { query = queryOffset } = this.#options;
    try {
      const offset = await query(server);
      this.#faults.delete(server);
      return offset;
    } catch (error) {
      if (error instanceof KissOfDeath && NEVER_AGAIN.includes(error.code)) this.#denied.add(server);
      this.#complain(server, `Cannot set the clock from ${server}: ${reason(error)}, skipping`);
      return undefined;
    }
  }

  /** Logs a fault once, as long as it lasts. */
  #complain(subject: string, fault: string): void {
    if (this.#faults.get(subject) === fault) return;
    this.#faults.set(subject, fault);
    this.#options.log.warn(fault);
  }

  /** Sets the clock; returns whether the clock was about right before. */
  #set(offset: number, server: string): boolean {
    const { kernel, log } = this.#options;
    try {
      if (this.#hasStepped) {
        kernel.clock.slew(offset);
        log.debug(`clock slewed to ${server}: it was ${describeOffset(offset)}`);
      } else {
        kernel.clock.step(offset);
        log.info(`clock set from ${server}: it was ${describeOffset(offset)}`);
      }
      this.#hasStepped = true;
    } catch (error) {
      this.#complain("the clock", `${reason(error)}, ignoring`);
    }
    return Math.abs(offset) < RIGHT_MILLISECONDS;
  }
}

function describeOffset(offset: number): string {
  return `${Math.abs(offset / 1_000).toFixed(3)} s ${offset < 0 ? "ahead" : "behind"}`;
}
