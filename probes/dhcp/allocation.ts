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

/** REQUESTs to a server that made an offer, 28 seconds in all, before the offer is given up. */
const REQUEST_TRIES = 3;

/**
 * INIT -> SELECTING, at once: the random 1 to 10 s of section 4.4.1 are for machines that start together, and
 * PCs have each spent a different while in their firmware; ten seconds are more than our whole boot.
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

/** SELECTING -> REQUESTING: the first offer is as good as any, and waiting for more would only cost time. */
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

/** REQUESTING -> PROBING where the server grants, -> INIT where it refuses or no answer of use comes. */
export function inRequesting(state: Requesting, event: TimedEvent): Transition {
  if (event.kind === "timer")
    return state.tries < REQUEST_TRIES ? request(state, event) : giveUp(state, event);
  if (event.kind === "conflict") return { state: { ...state, conflictMac: event.mac }, effects: [] };
  if (!("xid" in event) || event.xid !== state.xid) return stay(state);
  const { offer, sentAt: since } = state;
  switch (event.kind) {
    case "ack":
      // It counts as it is, even if it differs from the offer (section 4.4.1).
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

/** SELECTING, REQUESTING -> INIT, until the carrier is back. */
export function stopAllocation(state: Selecting | Requesting): Init {
  return { at: "INIT", carrier: false, wake: Infinity, ...allocationOf(state) };
}

/**
 * REQUESTING -> INIT: at once the first time, for somebody else may have been faster; then ever more slowly.
 */
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

/** With the offer's xid and the DISCOVER's secs (section 4.4.1). */
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
 * Not at first: our packet socket hears unicast to our hardware address, which spares the network and is what
 * virtual switches deliver most surely. A server or relay that cannot send to a host without an address gets
 * its way with every second try.
 */
function wantsBroadcast(tries: number): boolean {
  return tries % 2 === 0;
}
