/** INIT, SELECTING and REQUESTING: from nothing to a lease (RFC 2131, section 4.4.1). */

import type { Lease } from "./lease.ts";
import { refusalText, secondsSince, send, stay } from "./outcome.ts";
import { grant } from "./probing.ts";
import type {
  Event,
  Init,
  Moment,
  Request,
  Requesting,
  Seeking,
  Selecting,
  Transition,
  Unusable,
} from "./state.ts";
import { discoverWait, retransmissionWait } from "./timing.ts";

/** REQUESTs to a server that made an offer, 28 seconds in all, before the offer is given up. */
const REQUEST_TRIES = 3;

/**
 * INIT -> SELECTING, at once: the random 1 to 10 s of section 4.4.1 are for machines that start together, and
 * PCs have each spent a different while in their firmware; ten seconds are more than our whole boot.
 */
export function inInit(state: Init, event: Event): Transition {
  if (event.kind !== "timer") return stay(state);
  const exchange = { xid: event.newXid, begun: event.now, tries: 0, secs: 0, wake: event.now };
  return discover({ at: "SELECTING", ...seeking(state), ...exchange }, event);
}

export function inSelecting(state: Selecting, event: Event): Transition {
  if (event.kind === "timer") return discover(state, event);
  if (event.kind === "unusable") return noteUnusable(state, event);
  if (event.kind !== "offer" || event.xid !== state.xid) return stay(state);
  const isAvoided = event.lease.server === state.avoid && state.tries === 1;
  return isAvoided ? stay(state) : select(state, event.lease, event);
}

/** Said once, as often as it comes. */
function noteUnusable(state: Selecting, { xid, why }: Unusable): Transition {
  if (xid !== state.xid || why === state.unusable) return stay(state);
  return { state: { ...state, unusable: why }, effects: [], because: why };
}

/** SELECTING -> REQUESTING: the first offer is as good as any, and waiting for more would only cost time. */
function select(state: Selecting, offer: Lease, event: Moment): Transition {
  const { xid, begun, tries, secs, wake } = state;
  const asDiscovered = { secs, broadcast: wantsBroadcast(tries) };
  const exchange = { xid, begun, tries: 0, wake, asked: event.now, probed: event.now };
  const next = request({ at: "REQUESTING", ...seeking(state), ...exchange, ...asDiscovered, offer }, event);
  return { ...next, effects: [...next.effects, { kind: "probe", address: offer.address }] };
}

export function inRequesting(state: Requesting, event: Event): Transition {
  const { offer } = state;
  if (event.kind === "timer" && state.tries < REQUEST_TRIES) return request(state, event);
  if (event.kind === "timer") {
    const because = `${offer.server} made an offer and fell silent`;
    const { refusals } = state;
    const next: Init = { at: "INIT", carrier: true, wake: event.now, refusals, avoid: offer.server };
    return { state: next, effects: [], because };
  }
  if (event.kind === "conflict") return { state: { ...state, taken: event.mac }, effects: [] };
  if (event.kind !== "nak" && event.kind !== "ack") return stay(state);
  if (event.xid !== state.xid) return stay(state);
  if (event.kind === "nak") {
    if (event.server !== offer.server) return stay(state);
    return { state: afterRefusal(state, event), effects: [], because: refusalText(event) };
  }
  const { address, server } = event.lease;
  const isGranted = server === offer.server && address === offer.address;
  return isGranted ? grant(event.lease, { ...state, since: state.asked }, event) : stay(state);
}

/** SELECTING, REQUESTING -> INIT, until the carrier is back. */
export function stopSeeking(state: Selecting | Requesting): Init {
  return { at: "INIT", carrier: false, wake: Infinity, ...seeking(state) };
}

/**
 * REQUESTING -> INIT: at once the first time, for somebody else may have been faster; then ever more slowly.
 */
function afterRefusal({ refusals, offer }: Requesting, { now, jitter }: Moment): Init {
  const next = { at: "INIT", carrier: true, refusals: refusals + 1 } as const;
  if (refusals === 0) return { ...next, wake: now };
  return { ...next, wake: now + retransmissionWait(refusals, jitter), avoid: offer.server };
}

function discover(state: Selecting, event: Moment): Transition {
  const tries = state.tries + 1;
  const secs = secondsSince(state.begun, event.now);
  const message: Request = {
    type: "DISCOVER",
    xid: state.xid,
    secs,
    broadcast: wantsBroadcast(tries),
    ...(state.wanted && { requestedAddress: state.wanted }),
  };
  const wake = event.now + discoverWait(tries, event.jitter);
  return { state: { ...state, tries, secs, wake }, effects: [send(message)] };
}

/** With the offer's xid and the DISCOVER's secs (section 4.4.1). */
function request(state: Requesting, event: Moment): Transition {
  const tries = state.tries + 1;
  const { xid, secs, broadcast, offer } = state;
  const selected = { requestedAddress: offer.address, server: offer.server };
  const wake = event.now + retransmissionWait(tries, event.jitter);
  const message: Request = { type: "REQUEST", xid, secs, broadcast, ...selected };
  return { state: { ...state, tries, wake }, effects: [send(message)] };
}

function seeking({ refusals, wanted, avoid }: Seeking): Seeking {
  return { refusals, ...(wanted && { wanted }), ...(avoid && { avoid }) };
}

/**
 * Not at first: our packet socket hears unicast to our hardware address, which spares the network and is what
 * virtual switches deliver most surely. A server or relay that cannot send to a host without an address gets
 * its way with every second try.
 */
function wantsBroadcast(tries: number): boolean {
  return tries % 2 === 0;
}
