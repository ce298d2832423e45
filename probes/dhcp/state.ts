/**
 * The states of a client as RFC 2131, figure 5 names them, each with only what it has.
 * Times are milliseconds of one monotonic clock.
 */

import type { Lease } from "./lease.ts";

export type State = Init | Selecting | Requesting | Bound | Renewing | Rebinding;

interface Waiting {
  /** When a timer event is wanted; Infinity: never. */
  readonly wake: number;
}

/** What is remembered while there is no lease. */
export interface Seeking {
  /** Refusals (NAK) since the last lease: each makes the next attempt wait longer. */
  readonly refusals: number;
  /** The address of a lease that ended, asked for again. */
  readonly wanted?: string;
  /** A server that offered and then did not grant: another one gets the first chance. */
  readonly avoid?: string;
}

/** No carrier (wakes never), or a pause. */
export interface Init extends Waiting, Seeking {
  readonly at: "INIT";
  readonly carrier: boolean;
}

/** One exchange of messages. */
interface Exchange {
  readonly xid: number;
  readonly begun: number;
  /** Messages sent so far, of the kind this state sends. */
  readonly tries: number;
}

/** DISCOVER is out. */
export interface Selecting extends Waiting, Seeking, Exchange {
  readonly at: "SELECTING";
  /** As in the latest DISCOVER. */
  readonly secs: number;
}

/** One offer was taken, REQUEST is out. */
export interface Requesting extends Waiting, Seeking, Exchange {
  readonly at: "REQUESTING";
  readonly offer: Lease;
  /** As in the DISCOVER that was answered (section 4.4.1). */
  readonly secs: number;
  readonly broadcast: boolean;
  /** When the first REQUEST left: the lease counts from there. */
  readonly asked: number;
}

interface Leased extends Waiting {
  readonly lease: Lease;
  /** When the REQUEST left that it answers (section 4.4.1): T1, T2 and its end count from there. */
  readonly since: number;
}

export interface Bound extends Leased {
  readonly at: "BOUND";
  /** Without it nothing is sent, and the lease is kept until its end. */
  readonly carrier: boolean;
}

/** Asking the server that granted the lease. */
export interface Renewing extends Leased, Exchange {
  readonly at: "RENEWING";
  readonly asked: number;
}

/** Asking any server. */
export interface Rebinding extends Leased, Exchange {
  readonly at: "REBINDING";
  readonly asked: number;
  /** The carrier came back: this verifies the lease, at the pace of a first request. */
  readonly verifying: boolean;
}

/** What every event brings along, so that `transition()` needs neither clock nor chance. */
export interface Moment {
  readonly now: number;
  /** Uniform, from -1 to 1. */
  readonly jitter: number;
  /** An unpredictable 32-bit number, for an exchange that may begin. */
  readonly newXid: number;
}

export type Happening =
  | { readonly kind: "carrier"; readonly up: boolean }
  | { readonly kind: "timer" }
  | Reply;

/** An answer from a server, already checked against its format and our hardware address. */
export type Reply = Grant<"offer"> | Grant<"ack"> | Refusal;

interface Grant<Kind> {
  readonly kind: Kind;
  readonly xid: number;
  readonly lease: Lease;
}

export interface Refusal {
  readonly kind: "nak";
  readonly xid: number;
  readonly server: string;
  readonly message?: string;
}

export type Event = Moment & Happening;

export type Effect =
  | { readonly kind: "send"; readonly request: Request }
  /** The lease is new or renewed, or, undefined, lost: its address must not be used from now on. */
  | { readonly kind: "lease"; readonly lease: Lease | undefined };

/** A message to send, before it is bytes (table 5 of the RFC). */
export interface Request {
  readonly type: "DISCOVER" | "REQUEST";
  readonly xid: number;
  readonly secs: number;
  readonly broadcast: boolean;
  /** Our address, where we have one and may use it. */
  readonly ciaddr?: string;
  readonly requestedAddress?: string;
  readonly server?: string;
  /** Unicast to this address; to all when absent. */
  readonly to?: string;
}

export interface Transition {
  readonly state: State;
  readonly effects: readonly Effect[];
  /** Why, where the new state does not say it. */
  readonly because?: string;
}

export function initialState(carrier: boolean, now: number): State {
  return { at: "INIT", carrier, wake: carrier ? now : Infinity, refusals: 0 };
}
