/** BOUND, RENEWING and REBINDING: another machine uses our address (RFC 5227, section 2.4). */

import { stay } from "./outcome.ts";
import { decline } from "./probing.ts";
import type { Bound, Moment, Rebinding, Renewing, Transition } from "./state.ts";
import { isRecent } from "./timing.ts";

/**
 * The address is defended once: whoever took it for free gives it up. Where that is not heeded, or the other machine
 * had it before us, it is given up and declined.
 */
export function inConflict(
  state: Bound | Renewing | Rebinding,
  event: Moment & { readonly mac: string },
): Transition {
  if (state.at === "BOUND" && !state.carrier) return stay(state);
  const { lease, defended } = state;
  const isLateAnswer = state.at === "BOUND" && state.renewal !== undefined;
  if (isLateAnswer || isRecent(defended, event.now)) {
    const declined = decline({ lease, refusals: 0 }, event);
    return { ...declined, effects: [{ kind: "lease", lease: undefined }, ...declined.effects] };
  }
  return {
    state: { ...state, defended: { at: event.now, mac: event.mac } },
    effects: [{ kind: "announce", address: lease.address }],
    because: `${lease.address} is defended against ${event.mac}`,
  };
}
