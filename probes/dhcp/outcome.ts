/** The pieces that transitions are made of. */

import type { Effect, Refusal, Request, State, Transition } from "./state.ts";

/** Nothing happens: the very same state, by which the caller can tell. */
export function stay(state: State): Transition {
  return { state, effects: [] };
}

/** The `secs` field: full seconds, as many as fit. */
export function secondsSince(begun: number, now: number): number {
  return Math.min(Math.floor((now - begun) / 1_000), 0xffff);
}

export function refusalText(nak: Refusal): string {
  return `refused by ${nak.server}${nak.message ? `: ${nak.message}` : ""}`;
}

export function send(request: Request): Effect {
  return { kind: "send", request };
}
