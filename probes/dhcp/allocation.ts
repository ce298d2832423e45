/** INIT, SELECTING and REQUESTING: from nothing to a lease (RFC 2131, section 4.4.1). */

import type { Lease } from "./lease.ts";
import { nakText, noteUnusable, secondsSince, send, stay } from "./outcome.ts";
import { grant } from "./probing.ts";
import type {
  Allocation,
  Init,
  Instant,
  Request,
  Requesting,
  Selecting,
  TimedEvent,
  Transition,
} from "./state.ts";
import { discoverWait, retransmissionWait } from "./timing.ts";

/** The client sends so many REQUESTs for an offer, over 28 s in all, before it gives the offer up. */
const REQUEST_TRIES = 3;

/**
 * INIT -> SELECTING, at once. The random wait of 1 to 10 s of section 4.4.1 is for machines that start together. PCs have
 * each spent a different time in their firmware, and 10 s are longer than the whole boot.
 */
export function inInit(state: Init, event: TimedEvent): Transition {
  if (event.kind !== "timer") return stay(state);
  const exchange = { xid: event.newXid, startedAt: event.now, tries: 0, secs: 0, wake: event.now };
  return discover({ at: "SELECTING", ...allocationOf(state), ...exchange }, event);
}

export function inSelecting(state: Selecting, event: TimedEvent): Transition {
  if (event.kind === "timer") return discover(state, event);
  if (!("xid" in event) || event.xid !== state.xid) return stay(state);
  if (event.kind === "unusable") return noteUnusable(state, event.why);
  if (event.kind !== "offer") return stay(state);
  const isAvoided = event.lease.server === state.avoidedServer && state.tries === 1;
  return isAvoided ? stay(state) : select(state, event.lease, event);
}

/** SELECTING -> REQUESTING: the client takes the first offer; waiting for others would only cost time. */
function select(state: Selecting, offer: Lease, event: Instant): Transition {
  const { xid, startedAt, tries, secs, wake } = state;
  const asDiscovered = { secs, broadcast: wantsBroadcast(tries) };
  const exchange = { xid, startedAt, tries: 0, wake, sentAt: event.now, probedAt: event.now };
  const next = request(
    { at: "REQUESTING", ...allocationOf(state), ...exchange, ...asDiscovered, offer },
    event,
  );
  return { ...next, effects: [...next.effects, { kind: "probe", address: offer.address }] };
}

/** REQUESTING -> PROBING at an ACK, -> INIT at a NAK of the server, or where no usable answer comes. */
export function inRequesting(state: Requesting, event: TimedEvent): Transition {
  if (event.kind === "timer")
    return state.tries < REQUEST_TRIES ? request(state, event) : giveUp(state, event);
  if (event.kind === "conflict") return { state: { ...state, conflictMac: event.mac }, effects: [] };
  if (!("xid" in event) || event.xid !== state.xid) return stay(state);
  const { offer, sentAt: since } = state;
  switch (event.kind) {
    case "ack":
      // The ACK counts, even if its address or server differs from the offer (section 4.4.1).
      return grant(event.lease, { ...state, since, asked: offer }, event);
    case "nak":
      if (event.server !== offer.server) return noteUnusable(state, nakText(event));
      return { state: afterNak(state, event), effects: [], because: nakText(event) };
    case "unusable":
      return noteUnusable(state, event.why);
    default:
      return stay(state);
  }
}

function giveUp({ offer: { server }, refusals, unusable }: Requesting, { now }: Instant): Transition {
  const state: Init = { at: "INIT", carrier: true, wake: now, refusals, avoidedServer: server };
  const because =
    unusable === undefined
      ? `${server} made an offer and fell silent`
      : `${server} made an offer and no answer of use followed: ${unusable}`;
  return { state, effects: [], because };
}

/** SELECTING, REQUESTING -> INIT: the client waits for a carrier. */
export function stopAllocation(state: Selecting | Requesting): Init {
  return { at: "INIT", carrier: false, wake: Infinity, ...allocationOf(state) };
}

/** REQUESTING -> INIT: at once after the first NAK, since another client may have been faster; later ever more slowly. */
function afterNak({ refusals, offer }: Requesting, { now, jitter }: Instant): Init {
  const next = { at: "INIT", carrier: true, refusals: refusals + 1 } as const;
  if (refusals === 0) return { ...next, wake: now };
  return { ...next, wake: now + retransmissionWait(refusals, jitter), avoidedServer: offer.server };
}

function discover(state: Selecting, event: Instant): Transition {
  const tries = state.tries + 1;
  const secs = secondsSince(state.startedAt, event.now);
  const message: Request = {
    type: "DISCOVER",
    xid: state.xid,
    secs,
    broadcast: wantsBroadcast(tries),
    ...(state.formerAddress && { requestedAddress: state.formerAddress }),
  };
  const wake = event.now + discoverWait(tries, event.jitter);
  return { state: { ...state, tries, secs, wake }, effects: [send(message)] };
}

/** A REQUEST has the xid of the offer and the secs of the DISCOVER (section 4.4.1). */
function request(state: Requesting, event: Instant): Transition {
  const tries = state.tries + 1;
  const { xid, secs, broadcast, offer } = state;
  const selected = { requestedAddress: offer.address, server: offer.server };
  const wake = event.now + retransmissionWait(tries, event.jitter);
  const message: Request = { type: "REQUEST", xid, secs, broadcast, ...selected };
  return { state: { ...state, tries, wake }, effects: [send(message)] };
}

function allocationOf({ refusals, formerAddress, avoidedServer }: Allocation): Allocation {
  return { refusals, ...(formerAddress && { formerAddress }), ...(avoidedServer && { avoidedServer }) };
}

/**
 * Whether a DISCOVER asks for a broadcast answer: every second one does. The packet socket hears unicast to our hardware
 * address, which spares the network, and which virtual switches deliver most surely. Some servers and relays cannot send
 * unicast to a host without an address.
 */
function wantsBroadcast(tries: number): boolean {
  return tries % 2 === 0;
}
