/** INIT-REBOOT and REBOOTING: from a remembered address to its lease (RFC 2131, section 4.4.2). */

import { nakText, noteUnusable, send, stay } from "./outcome.ts";
import { grant } from "./probing.ts";
import type { Init, InitReboot, Instant, Rebooting, TimedEvent, Transition } from "./state.ts";

/**
 * The client waits so long for an answer to its one REQUEST. A server that does not know the address must be silent
 * (section 4.3.2), and hears the DISCOVER that follows, which asks for the same address.
 */
const ANSWER_MILLISECONDS = 2_000;

/** INIT-REBOOT -> REBOOTING */
export function inInitReboot(before: InitReboot, event: TimedEvent): Transition {
  if (event.kind !== "timer") return stay(before);
  const { address } = before;
  const { newXid: xid, now } = event;
  const wake = now + ANSWER_MILLISECONDS;
  const state: Rebooting = { at: "REBOOTING", address, xid, startedAt: now, tries: 1, wake, probedAt: now };
  const request = { type: "REQUEST", xid, secs: 0, broadcast: false, requestedAddress: address } as const;
  return { state, effects: [send(request), { kind: "probe", address }] };
}

/** REBOOTING -> PROBING at the ACK of any server; -> INIT at a NAK, or if no usable answer comes. */
export function inRebooting(state: Rebooting, event: TimedEvent): Transition {
  if (event.kind === "timer")
    return start(event, { formerAddress: state.address, because: silenceText(state) });
  if (event.kind === "conflict") return { state: { ...state, conflictMac: event.mac }, effects: [] };
  if (!("xid" in event) || event.xid !== state.xid) return stay(state);
  switch (event.kind) {
    case "nak":
      return start(event, { because: nakText(event) });
    case "ack":
      return grant(event.lease, { ...state, since: state.startedAt, refusals: 0, asked: state }, event);
    case "unusable":
      return noteUnusable(state, event.why);
    default:
      return stay(state);
  }
}

function silenceText({ unusable }: Rebooting): string {
  return `no answer${unusable ? " of use" : ""} for the address from before${unusable ? `: ${unusable}` : ""}`;
}

function start(
  { now }: Instant,
  { formerAddress, because }: { formerAddress?: string; because: string },
): Transition {
  const state: Init = {
    at: "INIT",
    carrier: true,
    wake: now,
    refusals: 0,
    ...(formerAddress && { formerAddress }),
  };
  return { state, effects: [], because };
}
