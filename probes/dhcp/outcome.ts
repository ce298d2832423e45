/** The pieces that transitions are made of. */

import type { Effect, Nak, Request, State, Transition } from "./state.ts";

/** Nothing happens: the very same state, by which the caller can tell. */
export function stay(state: State): Transition {
  return { state, effects: [] };
}

type Exchanging = Extract<State, { readonly xid: number }>;

/** An answer came that cannot be taken: why is kept for a person, and said once, as often as it comes. */
export function noteUnusable(state: Exchanging, why: string): Transition {
  if (why === state.unusable) return stay(state);
  return { state: { ...state, unusable: why }, effects: [], because: why };
}

/** The `secs` field: full seconds, as many as fit. */
export function secondsSince(startedAt: number, now: number): number {
  return Math.min(Math.floor((now - startedAt) / 1_000), 0xffff);
}

export function nakText(nak: Nak): string {
  return `refused by ${nak.server}${nak.message ? `: ${nak.message}` : ""}`;
}

export function send(request: Request): Effect {
  return { kind: "send", request };
}
