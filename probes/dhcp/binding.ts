/** -> BOUND: a lease comes into use (RFC 2131, section 4.4.1). */

import type { Lease } from "./lease.ts";
import type { Bound, Instant, Rebinding, Renewing } from "./state.ts";
import { forgetTime, renewalTime } from "./timing.ts";

/** What is asleep or far away is still heard for so long after a probe, and the address then given up. */
const LATE_MILLISECONDS = 2_000;

/** PROBING, RENEWING, REBINDING -> BOUND */
export function bind(lease: Lease, since: number, event: Instant) {
  const wake = renewalTime(lease, since, event.jitter);
  const state: Bound = { at: "BOUND", carrier: true, lease, since, wake };
  return { state, effects: [{ kind: "lease", lease }] } as const;
}

/** For a BOUND that follows a probe. */
export function awaitLateConflict(bound: Bound, refusals: number, { now }: Instant): Bound {
  return { ...bound, wake: Math.min(bound.wake, now + LATE_MILLISECONDS), renewAt: bound.wake, refusals };
}

/** When BOUND wakes, with T1 where that is later: once nobody needs to be told of a conflict any more. */
export function beforeRenewal({ defence }: Pick<Bound, "defence">, renewAt: number) {
  const forgotten = defence === undefined ? Infinity : forgetTime(defence);
  return forgotten < renewAt ? { wake: forgotten, renewAt } : { wake: renewAt };
}

/** What is still told of a conflict, for a state that follows. */
export function recentDefence({ defence }: Bound | Renewing | Rebinding, { now }: Instant) {
  return defence !== undefined && now < forgetTime(defence) ? { defence } : {};
}
