/** The client as a pure function: RFC 2131, figure 5. */

import { inInit, inRequesting, inSelecting, stopAllocation } from "./allocation.ts";
import { inConflict } from "./conflict.ts";
import { stay } from "./outcome.ts";
import { inProbing } from "./probing.ts";
import { inInitReboot, inRebooting } from "./rebooting.ts";
import { inBound, inRenewal, release, verify } from "./renewal.ts";
import type { Bound, Instant, State, TimedEvent, Transition } from "./state.ts";
import { leaseTimes } from "./timing.ts";

/** The next state and its effects; the very same state object if the event means nothing to the state. */
export function transition(state: State, event: TimedEvent): Transition {
  if (event.kind === "carrier") return event.up ? carrierBack(state, event) : carrierLost(state);
  if (event.kind === "release") return release(state, event);
  if (event.kind === "timer" && event.now < state.wake) return stay(state);
  switch (state.at) {
    case "INIT":
      return inInit(state, event);
    case "INIT-REBOOT":
      return inInitReboot(state, event);
    case "REBOOTING":
      return inRebooting(state, event);
    case "SELECTING":
      return inSelecting(state, event);
    case "REQUESTING":
      return inRequesting(state, event);
    case "PROBING":
      return inProbing(state, event);
    case "BOUND":
      return event.kind === "conflict" ? inConflict(state, event) : inBound(state, event);
    case "RENEWING":
    case "REBINDING":
      return event.kind === "conflict" ? inConflict(state, event) : inRenewal(state, event);
    default:
      return state satisfies never;
  }
}

function carrierLost(state: State): Transition {
  if ("carrier" in state && !state.carrier) return stay(state);
  return { state: withoutCarrier(state), effects: [], because: "no carrier" };
}

/** The client keeps its lease, since the cable may be back in a moment, and sends nothing. */
function withoutCarrier(state: State): State {
  if (state.at === "INIT" || state.at === "INIT-REBOOT") return { ...state, carrier: false, wake: Infinity };
  if (state.at === "REBOOTING") {
    return { at: "INIT-REBOOT", carrier: false, wake: Infinity, address: state.address };
  }
  if (state.at === "PROBING") {
    return { at: "INIT-REBOOT", carrier: false, wake: Infinity, address: state.lease.address };
  }
  if (state.at === "SELECTING" || state.at === "REQUESTING") return stopAllocation(state);
  const { lease, since } = state;
  return { at: "BOUND", carrier: false, lease, since, wake: leaseTimes(lease, since).end } satisfies Bound;
}

/** The client goes on at once, whatever its timer was. */
function carrierBack(state: State, event: Instant): Transition {
  if (!("carrier" in state) || state.carrier) return stay(state);
  const because = "carrier found";
  if (state.at === "BOUND") return { ...verify(state, event), because };
  return { state: { ...state, carrier: true, wake: event.now }, effects: [], because };
}
