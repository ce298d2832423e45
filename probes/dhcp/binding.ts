/** -> BOUND: a lease comes into use (RFC 2131, section 4.4.1). */

import type { Lease } from "./lease.ts";
import type { Bound, Instant, Rebinding, Renewing } from "./state.ts";
import { forgetTime, renewalTime } from "./timing.ts";

/** A machine that is asleep or far away may answer a probe so late; the client then still gives the address up. */
const LATE_MILLISECONDS = 2_000;

/** PROBING, RENEWING, REBINDING -> BOUND */
export function bind(lease: Lease, since: number, event: Instant) {
  const wake = renewalTime(lease, since, event.jitter);
  const state: Bound = { at: "BOUND", carrier: true, lease, since, wake };
  return { state, effects: [{ kind: "lease", lease }] } as const;
}

/** The BOUND that follows a probe: it wakes when late answers count no more. */
export function awaitLateConflict(bound: Bound, refusals: number, { now }: Instant): Bound {
  return { ...bound, wake: Math.min(bound.wake, now + LATE_MILLISECONDS), renewAt: bound.wake, refusals };
}

/** When BOUND wakes: at T1, or earlier, when a conflict is old enough to leave the screen; `renewAt` then keeps T1. */
export function beforeRenewal({ defence }: Pick<Bound, "defence">, renewAt: number) {
  const forgotten = defence === undefined ? Infinity : forgetTime(defence);
  return forgotten < renewAt ? { wake: forgotten, renewAt } : { wake: renewAt };
}

/** The latest defence, for the next state, while the screen still shows the conflict. */
export function recentDefence({ defence }: Bound | Renewing | Rebinding, { now }: Instant) {
  return defence !== undefined && now < forgetTime(defence) ? { defence } : {};
}
