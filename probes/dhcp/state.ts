/**
 * The states of a client as RFC 2131, figure 5 names them, each with only what it has.
 * Times are milliseconds of one monotonic clock.
 */

import type { Lease } from "./lease.ts";

export type State =
  | Init
  | InitReboot
  | Rebooting
  | Selecting
  | Requesting
  | Probing
  | Bound
  | Renewing
  | Rebinding;

interface Waiting {
  /** When a timer event is wanted; Infinity: never. */
  readonly wake: number;
}

/** What is remembered while there is no lease. */
export interface Allocation {
  /** Refusals (NAK) since the last lease: each makes the next attempt wait longer. */
  readonly refusals: number;
  /** The address of a lease that ended, asked for again. */
  readonly formerAddress?: string;
  /** A server that offered and then did not grant: another one gets the first chance. */
  readonly avoidedServer?: string;
}

/** Another machine has said that our address is its own, and was told that it is ours. */
export interface Defence {
  readonly at: number;
  /** Its hardware address, as text. */
  readonly mac: string;
}

/** No carrier (wakes never), or a pause. */
export interface Init extends Waiting, Allocation {
  readonly at: "INIT";
  readonly carrier: boolean;
  /** Why an address was declined, for a person. */
  readonly declined?: string;
}

/** An address from before is known; no carrier (wakes never), or about to ask. */
export interface InitReboot extends Waiting {
  readonly at: "INIT-REBOOT";
  readonly carrier: boolean;
  readonly address: string;
}

/** One exchange of messages. */
interface Exchange {
  readonly xid: number;
  readonly startedAt: number;
  /** Messages sent so far, of the kind this state sends. */
  readonly tries: number;
  /** What was wrong with the latest answer that could not be taken: a sentence for a person. */
  readonly unusable?: string;
}

/** A free address is what nobody answers for: what ARP has said so far (RFC 5227). */
interface Probed {
  /** When the first probe left. */
  readonly probedAt: number;
  /** Hardware address of a machine that has it, as text. */
  readonly conflictMac?: string;
}

/** REQUEST for the address from before is out. */
export interface Rebooting extends Waiting, Exchange, Probed {
  readonly at: "REBOOTING";
  readonly address: string;
}

/** DISCOVER is out. */
export interface Selecting extends Waiting, Allocation, Exchange {
  readonly at: "SELECTING";
  /** As in the latest DISCOVER. */
  readonly secs: number;
}

/** One offer was taken, REQUEST is out. */
export interface Requesting extends Waiting, Allocation, Exchange, Probed {
  readonly at: "REQUESTING";
  readonly offer: Lease;
  /** As in the DISCOVER that was answered (section 4.4.1). */
  readonly secs: number;
  readonly broadcast: boolean;
  /** When the first REQUEST left: the lease counts from there. */
  readonly sentAt: number;
}

/** Granted, and not used before nobody has answered for it; between REQUESTING and BOUND of figure 5. */
export interface Probing extends Leased {
  readonly at: "PROBING";
  /** Refusals and conflicts so far. */
  readonly refusals: number;
}

interface Leased extends Waiting {
  readonly lease: Lease;
  /** When the REQUEST left that it answers (section 4.4.1): T1, T2 and its end count from there. */
  readonly since: number;
}

interface InUse extends Leased {
  /** The latest since the lease was granted or renewed. */
  readonly defence?: Defence;
}

export interface Bound extends InUse {
  readonly at: "BOUND";
  /** Without it nothing is sent, and the lease is kept until its end. */
  readonly carrier: boolean;
  /** When T1 is, where there is something to forget before that. */
  readonly renewAt?: number;
  /** Refusals and conflicts before the grant, as long as a machine may still say late that it has the address. */
  readonly refusals?: number;
}

interface Renewal extends InUse, Exchange {
  /** When the latest message left. */
  readonly sentAt: number;
  /** The message before it: a slow server may answer that one. */
  readonly previous?: { readonly xid: number; readonly sentAt: number };
}

/** Asking the server that granted the lease. */
export interface Renewing extends Renewal {
  readonly at: "RENEWING";
}

/** Asking any server. */
export interface Rebinding extends Renewal {
  readonly at: "REBINDING";
  /** The carrier came back: this verifies the lease, at the pace of a first request. */
  readonly verifying: boolean;
}

/** What every event brings along, so that `transition()` needs neither clock nor chance. */
export interface Instant {
  readonly now: number;
  /** Uniform, from -1 to 1. */
  readonly jitter: number;
  /** An unpredictable 32-bit number, for an exchange that may begin. */
  readonly newXid: number;
}

export type Event =
  | { readonly kind: "carrier"; readonly up: boolean }
  | { readonly kind: "timer" }
  /** Another machine, of this hardware address, has the address that is probed or in use. */
  | { readonly kind: "conflict"; readonly mac: string }
  /** The lease is given back: nothing is to be done any more. */
  | { readonly kind: "release" }
  | Reply;

/** An answer from a server, already checked against its format and our hardware address. */
export type Reply = Grant<"offer"> | Grant<"ack"> | Nak | Unusable;

interface Grant<Kind> {
  readonly kind: Kind;
  readonly xid: number;
  readonly lease: Lease;
}

export interface Nak {
  readonly kind: "nak";
  readonly xid: number;
  readonly server: string;
  readonly message?: string;
}

/** It grants something, and that breaks the rules. */
export interface Unusable {
  readonly kind: "unusable";
  readonly xid: number;
  /** A sentence, for a person. */
  readonly why: string;
}

export type TimedEvent = Instant & Event;

export type Effect =
  | { readonly kind: "send"; readonly request: Request }
  /** Ask by ARP whether anybody has this address. */
  | { readonly kind: "probe"; readonly address: string }
  /** Tell everybody by ARP that this address is ours now. */
  | { readonly kind: "announce"; readonly address: string }
  /** The lease is new or renewed, or, undefined, lost: its address must not be used from now on. */
  | { readonly kind: "lease"; readonly lease: Lease | undefined };

/** A message to send, before it is bytes (table 5 of the RFC). */
export interface Request {
  readonly type: "DISCOVER" | "REQUEST" | "DECLINE" | "RELEASE";
  readonly xid: number;
  readonly secs: number;
  readonly broadcast: boolean;
  /** Our address, where we have one and may use it. */
  readonly ciaddr?: string;
  readonly requestedAddress?: string;
  readonly server?: string;
  /** Why, for the log of the server. */
  readonly message?: string;
  /** Unicast to this address; to all when absent. */
  readonly to?: string;
}

export interface Transition {
  readonly state: State;
  readonly effects: readonly Effect[];
  /** Why, where the new state does not say it. */
  readonly because?: string;
}

/** `previous` is an address that this interface had a moment ago, as while the firmware booted from it. */
export function initialState(carrier: boolean, now: number, previous?: string): State {
  const wake = carrier ? now : Infinity;
  if (previous !== undefined) return { at: "INIT-REBOOT", carrier, wake, address: previous };
  return { at: "INIT", carrier, wake, refusals: 0 };
}
