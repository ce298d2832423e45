/** The client's states in words: one line for the log at each change, one for the screen at any time. */

import type { Lease } from "./lease.ts";
import type { State, Transition } from "./state.ts";

/** What the log says of a change; undefined where the state is the same and nothing happened. */
export function changeLine(from: State, { state, because }: Transition): string | undefined {
  if (from.at === state.at && because === undefined) return undefined;
  const change = from.at === state.at ? state.at : `${from.at} -> ${state.at}`;
  const details = detailsOf(state);
  return `${change}${details && ` ${details}`}${because ? ` (${because})` : ""}`;
}

function detailsOf(state: State): string {
  switch (state.at) {
    case "INIT":
    case "SELECTING":
      return "";
    case "REQUESTING":
      return `${state.offer.address} from ${state.offer.server}`;
    case "BOUND":
      return `${state.lease.address}/${state.lease.prefix} from ${state.lease.server} ${lifetime(state.lease)}`;
    case "RENEWING":
      return `${state.lease.address} from ${state.lease.server}`;
    case "REBINDING":
      return `${state.lease.address} from any server`;
    default:
      return state satisfies never;
  }
}

function lifetime({ seconds }: Lease): string {
  return seconds === Infinity ? "for ever" : `for ${seconds} s`;
}

/** One line for a person at the screen, so made that " for 23 s", how long it is so, can follow. */
export function statusText(state: State, now: number): string {
  switch (state.at) {
    case "INIT":
      return state.carrier ? "asking for an address soon" : "is the cable plugged in? no carrier";
    case "SELECTING":
      return seekingText(Math.round((now - state.begun) / 1_000));
    case "REQUESTING":
      return `${state.offer.server} offers ${state.offer.address}`;
    case "BOUND":
      return `${state.lease.address} from ${state.lease.server}${state.carrier ? "" : ", no carrier"}`;
    case "RENEWING":
    case "REBINDING":
      return `${state.lease.address}, renewing its lease`;
    default:
      return state satisfies never;
  }
}

/** Longer than a server takes to make sure that an address is free. */
const PATIENCE_SECONDS = 3;

function seekingText(seconds: number): string {
  if (seconds < PATIENCE_SECONDS) return "asking for an address";
  return "link up (a switch may hold its port for up to 50 s), no DHCP answer";
}
