/** A client in simulated time: fires its timers in order, records what it sends and what becomes of its lease. */

import type { Lease } from "../../../../probes/dhcp/lease.ts";
import { type Event, initialState, type Request, type State } from "../../../../probes/dhcp/state.ts";
import { transition } from "../../../../probes/dhcp/transition.ts";

export interface Sent {
  readonly at: number;
  readonly request: Request;
}

/** What a server answers, if anything, and after how many ms. */
export type Server = (request: Request, now: number) => Event | undefined;

export const LEASE: Lease = {
  address: "10.9.0.50",
  prefix: 24,
  server: "10.9.0.1",
  routes: [],
  dns: [],
  ntp: [],
  seconds: 3_600,
  renewAfter: 1_800,
  rebindAfter: 3_150,
};

/** The same lease for so many seconds, with the times that follow. */
export function leaseOf(seconds: number): Lease {
  return { ...LEASE, seconds, renewAfter: seconds / 2, rebindAfter: (seconds * 7) / 8 };
}

/** Grants whatever is asked. */
export function granting(lease: Lease = LEASE): Server {
  return ({ type, xid }) => ({ kind: type === "DISCOVER" ? "offer" : "ack", xid, lease });
}

/** Offers, and refuses the REQUEST. */
export function refusing(lease: Lease = LEASE): Server {
  return ({ type, xid }) =>
    type === "DISCOVER" ? { kind: "offer", xid, lease } : { kind: "nak", xid, server: lease.server };
}

export const silent: Server = () => undefined;

export interface SimulationOptions {
  readonly carrier?: boolean;
  readonly jitter?: number;
  readonly previous?: string;
}

/** From the grant of a lease to its use; longer than it takes a machine that has the address to answer. */
export const PROBED = 50;
/** How long after that a machine that has the address is heard. */
export const LATE = 2_000;

export class Simulation {
  now = 0;
  state: State;
  server: Server = silent;
  readonly sent: Sent[] = [];
  readonly announced: string[] = [];
  readonly probes: { readonly at: number; readonly address: string }[] = [];
  /** Addresses leased, undefined for lost. */
  readonly leases: (string | undefined)[] = [];
  /** Every state entered, with the time. */
  readonly path: string[] = [];
  /** Why each change of the state came, where it was said. */
  readonly because: (string | undefined)[] = [];
  #jitter: number;
  #nextXid = 100;

  constructor({ carrier = true, jitter = 0, previous }: SimulationOptions = {}) {
    this.#jitter = jitter;
    this.state = initialState(carrier, 0, previous);
  }

  happen(event: Event): void {
    const from = this.state;
    const { state, effects, because } = transition(from, {
      ...event,
      now: this.now,
      jitter: this.#jitter,
      newXid: this.#nextXid++,
    });
    this.state = state;
    if (state !== from) this.because.push(because);
    if (state.at !== from.at) this.path.push(state.at);
    const answers: Event[] = [];
    for (const effect of effects) {
      if (effect.kind === "lease") this.leases.push(effect.lease?.address);
      else if (effect.kind === "announce") this.announced.push(effect.address);
      else if (effect.kind === "probe") this.probes.push({ at: this.now, address: effect.address });
      else {
        this.sent.push({ at: this.now, request: effect.request });
        const reply = this.server(effect.request, this.now);
        if (reply !== undefined) answers.push(reply);
      }
    }
    for (const reply of answers) this.happen(reply);
  }

  /** Lets time pass until `until` ms, firing what is due on the way. */
  runUntil(until: number): void {
    while (this.state.wake <= until) {
      if (this.state.wake > this.now) this.now = this.state.wake;
      this.happen({ kind: "timer" });
    }
    this.now = until;
  }

  /** Times of the messages sent since `from`, relative to it, in seconds. */
  sentAfter(from: number): number[] {
    return this.sent.filter(({ at }) => at >= from).map(({ at }) => (at - from) / 1_000);
  }
}

/** A client that was just granted a lease, at time 0, has probed its address, and has heard nobody. */
export function bound(lease: Lease = LEASE, jitter = 0): Simulation {
  const simulation = new Simulation({ jitter });
  simulation.server = granting(lease);
  simulation.runUntil(PROBED + LATE);
  simulation.now = PROBED;
  simulation.server = silent;
  return simulation;
}
