/**
 * The states of a client by the names of RFC 2131, figure 5, each with its own fields.
 * All times are milliseconds of one monotonic clock.
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
  /** When the state wants a timer event; Infinity for never. */
  readonly wake: number;
}

/** What the client remembers while it has no lease. */
export interface Allocation {
  /** NAKs and conflicts since the last lease; each makes the next attempt wait longer. */
  readonly refusals: number;
  /** The address of a lease that ended; the client asks for it again. */
  readonly formerAddress?: string;
  /** A server that made an offer and did not grant it: another server gets the first chance. */
  readonly avoidedServer?: string;
}

/** The client has answered a machine that claims our address. */
export interface Defence {
  readonly at: number;
  /** Hardware address of that machine, as text. */
  readonly mac: string;
}

/** The client waits for a carrier (wakes never), or until its next attempt. */
export interface Init extends Waiting, Allocation {
  readonly at: "INIT";
  readonly carrier: boolean;
  /** Why the client declined an address, for the screen. */
  readonly declined?: string;
}

/** The client knows a former address; it waits for a carrier (wakes never), or is about to ask. */
export interface InitReboot extends Waiting {
  readonly at: "INIT-REBOOT";
  readonly carrier: boolean;
  readonly address: string;
}

/** One exchange of messages. */
interface Exchange {
  readonly xid: number;
  readonly startedAt: number;
  /** Number of messages that this state has sent. */
  readonly tries: number;
  /** What was wrong with the latest answer that the client could not use: a sentence for the screen. */
  readonly unusable?: string;
}

/** What ARP has told of the address so far (RFC 5227). */
interface Probed {
  /** When the first probe left. */
  readonly probedAt: number;
  /** Hardware address of a machine that has the address, as text. */
  readonly conflictMac?: string;
}

/** The client has sent a REQUEST for its former address. */
export interface Rebooting extends Waiting, Exchange, Probed {
  readonly at: "REBOOTING";
  readonly address: string;
}

/** The client has sent a DISCOVER. */
export interface Selecting extends Waiting, Allocation, Exchange {
  readonly at: "SELECTING";
  /** As in the latest DISCOVER. */
  readonly secs: number;
}

/** The client has taken an offer and sent a REQUEST. */
export interface Requesting extends Waiting, Allocation, Exchange, Probed {
  readonly at: "REQUESTING";
  readonly offer: Lease;
  /** As in the DISCOVER that the server answered (section 4.4.1). */
  readonly secs: number;
  readonly broadcast: boolean;
  /** When the first REQUEST left, from which the lease counts. */
  readonly sentAt: number;
}

/** The address is granted and being probed; between REQUESTING and BOUND of figure 5. */
export interface Probing extends Leased {
  readonly at: "PROBING";
  /** Refusals and conflicts so far. */
  readonly refusals: number;
}

interface Leased extends Waiting {
  readonly lease: Lease;
  /** When the granted REQUEST left (section 4.4.1): T1, T2 and the end of the lease count from there. */
  readonly since: number;
}

interface InUse extends Leased {
  /** The latest defence since the lease was granted or renewed. */
  readonly defence?: Defence;
}

export interface Bound extends InUse {
  readonly at: "BOUND";
  /** Without a carrier the client sends nothing, and keeps the lease until its end. */
  readonly carrier: boolean;
  /** T1, if the state wakes before that. */
  readonly renewAt?: number;
  /** NAKs and conflicts before the grant, while a late answer to the probe still counts. */
  readonly refusals?: number;
}

interface Renewal extends InUse, Exchange {
  /** When the latest message left. */
  readonly sentAt: number;
  /** The message before the latest: a slow server may answer that one. */
  readonly previous?: { readonly xid: number; readonly sentAt: number };
}

/** The client asks the server that granted the lease. */
export interface Renewing extends Renewal {
  readonly at: "RENEWING";
}

/** The client asks any server. */
export interface Rebinding extends Renewal {
  readonly at: "REBINDING";
  /** True after the carrier came back: messages verify the lease, as often as a first request. */
  readonly verifying: boolean;
}

/** What comes with every event, so that `transition()` needs neither clock nor random numbers. */
export interface Instant {
  readonly now: number;
  /** Uniform, from -1 to 1. */
  readonly jitter: number;
  /** An unpredictable number of 32 bits, for the next message. */
  readonly newXid: number;
}

export type Event =
  | { readonly kind: "carrier"; readonly up: boolean }
  | { readonly kind: "timer" }
  /** Another machine, of this hardware address, has the address that is probed or in use. */
  | { readonly kind: "conflict"; readonly mac: string }
  /** The client shall release its lease and end. */
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

/** An OFFER or ACK that breaks the rules. */
export interface Unusable {
  readonly kind: "unusable";
  readonly xid: number;
  /** A sentence for the screen. */
  readonly why: string;
}

export type TimedEvent = Instant & Event;

export type Effect =
  | { readonly kind: "send"; readonly request: Request }
  /** Ask by ARP whether another machine has this address. */
  | { readonly kind: "probe"; readonly address: string }
  /** Announce by ARP that this address is ours. */
  | { readonly kind: "announce"; readonly address: string }
  /** The lease is new or renewed; undefined when it is lost, and its address must not be used any more. */
  | { readonly kind: "lease"; readonly lease: Lease | undefined };

/** A message to send, before it is bytes (table 5 of the RFC). */
export interface Request {
  readonly type: "DISCOVER" | "REQUEST" | "DECLINE" | "RELEASE";
  readonly xid: number;
  readonly secs: number;
  readonly broadcast: boolean;
  /** Our address, if the client has one and may use it. */
  readonly ciaddr?: string;
  readonly requestedAddress?: string;
  readonly server?: string;
  /** The reason, for the log of the server. */
  readonly message?: string;
  /** Destination of a unicast; default: broadcast. */
  readonly to?: string;
}

export interface Transition {
  readonly state: State;
  readonly effects: readonly Effect[];
  /** The reason, if the new state does not tell it. */
  readonly because?: string;
}

/** `previous` is an address that this interface had before, as that of the boot loader. */
export function initialState(carrier: boolean, now: number, previous?: string): State {
  const wake = carrier ? now : Infinity;
  if (previous !== undefined) return { at: "INIT-REBOOT", carrier, wake, address: previous };
  return { at: "INIT", carrier, wake, refusals: 0 };
}
