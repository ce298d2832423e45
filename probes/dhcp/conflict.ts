/** BOUND, RENEWING and REBINDING: another machine uses our address (RFC 5227, section 2.4). */

import { beforeRenewal } from "./binding.ts";
import { stay } from "./outcome.ts";
import { decline } from "./probing.ts";
import { awaitsAnswer, lose } from "./renewal.ts";
import type { Bound, Instant, Rebinding, Renewing, Transition } from "./state.ts";
import { isRecent } from "./timing.ts";

type Conflict = Instant & { readonly mac: string };

/**
 * The client defends its address once: a machine that took the address for free gives it up. If the other machine goes
 * on, or had the address before us, the client declines the address. If the cable may lead to another network, whose
 * servers do not know the address, the client leaves it without DECLINE.
 */
export function inConflict(state: Bound | Renewing | Rebinding, event: Conflict): Transition {
  if (state.at === "BOUND" && !state.carrier) return stay(state);
  const { lease, defence } = state;
  if (awaitsAnswer(state))
    return lose(event.now, { because: `${lease.address} is in use by ${event.mac}`, refusals: 0 });
  const refusals = state.at === "BOUND" ? state.refusals : undefined;
  if (refusals !== undefined || isRecent(defence, event.now)) {
    const declined = decline({ lease, refusals: refusals ?? 0 }, event);
    return { ...declined, effects: [{ kind: "lease", lease: undefined }, ...declined.effects] };
  }
  return {
    state: defend(state, event),
    effects: [{ kind: "announce", address: lease.address }],
    because: `${lease.address} is defended against ${event.mac}`,
  };
}

function defend(state: Bound | Renewing | Rebinding, { now, mac }: Conflict): Bound | Renewing | Rebinding {
  const defence = { at: now, mac };
  if (state.at !== "BOUND") return { ...state, defence };
  const { at, carrier, lease, since, renewAt = state.wake } = state;
  return { at, carrier, lease, since, defence, ...beforeRenewal({ defence }, renewAt) };
}
