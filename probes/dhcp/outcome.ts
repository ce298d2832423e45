/** Parts of transitions that several states share. */

import type { Effect, Nak, Request, State, Transition } from "./state.ts";

/** The event means nothing to the state: the result has the very same object, by which the caller can tell. */
export function stay(state: State): Transition {
  return { state, effects: [] };
}

type Exchanging = Extract<State, { readonly xid: number }>;

/** An answer came that the client cannot use: the state keeps the reason, and the log names the same reason once. */
export function noteUnusable(state: Exchanging, why: string): Transition {
  if (why === state.unusable) return stay(state);
  return { state: { ...state, unusable: why }, effects: [], because: why };
}

/** The `secs` field: full seconds since the start of the exchange, at most 65,535. */
export function secondsSince(startedAt: number, now: number): number {
  return Math.min(Math.floor((now - startedAt) / 1_000), 0xffff);
}

export function nakText(nak: Nak): string {
  return `refused by ${nak.server}${nak.message ? `: ${nak.message}` : ""}`;
}

export function send(request: Request): Effect {
  return { kind: "send", request };
}
