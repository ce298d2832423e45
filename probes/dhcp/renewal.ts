/** BOUND, RENEWING and REBINDING: the client renews its lease, or loses it (RFC 2131, section 4.4.5). */

import { awaitLateConflict, beforeRenewal, bind, recentDefence } from "./binding.ts";
import type { Lease } from "./lease.ts";
import { nakText, noteUnusable, secondsSince, send, stay } from "./outcome.ts";
import { grant } from "./probing.ts";
import type {
  Bound,
  Init,
  Instant,
  Rebinding,
  Renewing,
  Request,
  State,
  TimedEvent,
  Transition,
} from "./state.ts";
import { leaseTimes, nextRenewal, retransmissionWait } from "./timing.ts";

/** BOUND -> RENEWING at T1; without a carrier the lease runs until its end. */
export function inBound(state: Bound, event: TimedEvent): Transition {
  if (event.kind !== "timer") return stay(state);
  const { at, carrier, lease, since, renewAt = state.wake } = state;
  if (event.now < renewAt) {
    const kept = { at, carrier, lease, since, ...recentDefence(state, event) };
    return { state: { ...kept, ...beforeRenewal(kept, renewAt) }, effects: [] };
  }
  if (!carrier) return expire({ lease }, { carrier, now: event.now });
  return renew(
    { at: "RENEWING", lease, since, ...recentDefence(state, event), ...newExchange(event.now) },
    event,
  );
}

/**
 * BOUND -> REBINDING, when the carrier is back: the cable may now lead to another network (section 3.7), where the old
 * server cannot be reached and any other server can refuse the address.
 */
export function verify({ lease, since }: Bound, event: Instant): Transition {
  const start = { at: "REBINDING", lease, since, ...newExchange(event.now), verifying: true } as const;
  const { state, effects } = rebind(start, event);
  // A machine of that network may have the address already (RFC 5227, section 2.1).
  return { state, effects: [...effects, { kind: "probe", address: lease.address }] };
}

/** Whether a claim to the address may still answer the probe of `verify()`. */
export function awaitsAnswer(state: Bound | Renewing | Rebinding): boolean {
  return state.at === "REBINDING" && state.verifying && state.tries === 1;
}

export function inRenewal(state: Renewing | Rebinding, event: TimedEvent): Transition {
  if (event.kind === "timer") return renewalDue(state, event);
  const sentAt = "xid" in event ? sendTime(state, event.xid) : undefined;
  if (sentAt === undefined) return stay(state);
  switch (event.kind) {
    case "ack":
      return extend(state, event.lease, { ...event, sentAt });
    case "nak": {
      // A unicast went to one server alone; any server that knows this network may refuse a broadcast.
      const mayRefuse = state.at === "REBINDING" || event.server === state.lease.server;
      if (!mayRefuse) return noteUnusable(state, nakText(event));
      return lose(event.now, { because: nakText(event), refusals: 1 });
    }
    case "unusable":
      return noteUnusable(state, event.why);
    default:
      return stay(state);
  }
}

/** RENEWING, REBINDING -> BOUND at an ACK; -> PROBING if the ACK grants another address. */
function extend(
  state: Renewing | Rebinding,
  lease: Lease,
  event: Instant & { readonly sentAt: number },
): Transition {
  if (lease.address !== state.lease.address) {
    const { address } = state.lease;
    const granted = grant(lease, { since: event.sentAt, refusals: 0, asked: { address } }, event);
    return { ...granted, effects: [{ kind: "lease", lease: undefined }, ...granted.effects] };
  }
  const bound = bind(lease, event.sentAt, event);
  if (awaitsAnswer(state)) return { ...bound, state: awaitLateConflict(bound.state, 0, event) };
  const kept: Bound = { ...bound.state, ...recentDefence(state, event) };
  return { ...bound, state: { ...kept, ...beforeRenewal(kept, kept.wake) } };
}

/** When the message with this xid left; undefined if it is none of the latest two messages. */
function sendTime({ xid, sentAt, previous }: Renewing | Rebinding, answered: number): number | undefined {
  if (answered === xid) return sentAt;
  return answered === previous?.xid ? previous.sentAt : undefined;
}

/** RENEWING -> REBINDING at T2, REBINDING -> INIT at the end of the lease; before that, the next retransmission. */
function renewalDue(state: Renewing | Rebinding, event: Instant): Transition {
  const times = leaseTimes(state.lease, state.since);
  if (event.now >= times.end) return expire(state, { carrier: true, now: event.now });
  if (state.at === "REBINDING") return rebind(state, event);
  if (event.now < times.rebind) return renew(state, event);
  return rebind({ ...state, at: "REBINDING", verifying: false }, event);
}

/** BOUND, REBINDING -> INIT: the client asks for the same address again as soon as there is a carrier. */
function expire(
  { lease: { address }, unusable }: { readonly lease: Lease; readonly unusable?: string },
  { carrier, now }: { carrier: boolean; now: number },
): Transition {
  const because = `the lease of ${address} has ended${unusable === undefined ? "" : `: ${unusable}`}`;
  const lost = lose(carrier ? now : Infinity, { because, refusals: 0 });
  return { ...lost, state: { ...lost.state, carrier, formerAddress: address } };
}

/** -> INIT: the lease is lost, and its address leaves the interface. */
export function lose(wake: number, { because, refusals }: { because: string; refusals: number }) {
  const state: Init = { at: "INIT", carrier: true, wake, refusals };
  return { state, effects: [{ kind: "lease", lease: undefined }], because } as const;
}

/** Any state -> INIT for good: the client releases its lease (section 4.4.6); the server does not answer that. */
export function release(state: State, event: Instant): Transition {
  const ended: Init = { at: "INIT", carrier: false, wake: Infinity, refusals: 0 };
  const isReachable = "lease" in state && !("carrier" in state && !state.carrier) && state.at !== "PROBING";
  if (!isReachable) return { state: ended, effects: [] };
  const { address, server } = state.lease;
  const told = { ciaddr: address, server, to: server };
  const message: Request = { type: "RELEASE", xid: event.newXid, secs: 0, broadcast: false, ...told };
  return { state: ended, effects: [send(message)], because: `${address} is given back` };
}

function renew(state: Renewing, event: Instant): Transition {
  const { renew: start, rebind: end } = leaseTimes(state.lease, state.since);
  const next = { ...state, ...nextMessage(state, event), wake: nextRenewal(event.now, { start, end }) };
  return { state: next, effects: [send({ ...renewalRequest(next, event), to: state.lease.server })] };
}

/** A verification is sent as often as a first request: a switch may hold its port for a while. */
function rebind(state: Rebinding, event: Instant): Transition {
  const { rebind: start, end } = leaseTimes(state.lease, state.since);
  const next = { ...state, ...nextMessage(state, event) };
  const verification = event.now + retransmissionWait(next.tries, event.jitter);
  const wake = state.verifying ? Math.min(verification, end) : nextRenewal(event.now, { start, end });
  return { state: { ...next, wake }, effects: [send(renewalRequest(next, event))] };
}

function newExchange(now: number) {
  return { startedAt: now, sentAt: now, tries: 0, xid: 0, wake: now };
}

/** Each message has a new xid, so that an answer tells which message it answers, and so when that was sent. */
function nextMessage({ tries, xid, sentAt }: Renewing | Rebinding, { newXid, now }: Instant) {
  return { xid: newXid, sentAt: now, tries: tries + 1, ...(tries > 0 && { previous: { xid, sentAt } }) };
}

/** A renewal has our address in ciaddr, and neither server nor requested address (section 4.3.2). */
function renewalRequest({ xid, startedAt, lease }: Renewing | Rebinding, event: Instant): Request {
  const secs = secondsSince(startedAt, event.now);
  return { type: "REQUEST", xid, secs, broadcast: false, ciaddr: lease.address };
}
