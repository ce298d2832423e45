/** The states of the client in words: a line for the log at each change, and a text for the screen at any time. */

import { present } from "../../system/optional.ts";
import type { Lease } from "./lease.ts";
import type { State, Transition } from "./state.ts";

/** The line of the log for a transition; undefined if the state is the same and there is no reason to tell. */
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
    case "INIT-REBOOT":
    case "REBOOTING":
      return state.address;
    case "PROBING":
      return `${state.lease.address} from ${state.lease.server}`;
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

/** The state of a client for the screen. */
export interface StatusText {
  /** A phrase that " for 23 s" can follow. */
  readonly text: string;
  /** The likely cause, or what to look at; stands after a colon. */
  readonly hint?: string;
  /** Hardware address of another machine that has our address. */
  readonly conflict?: string;
}

export function statusText(state: State, now: number): StatusText {
  switch (state.at) {
    case "INIT":
    case "INIT-REBOOT":
      if (!state.carrier) return { text: "no cable, no carrier" };
      return { text: "asking for an address soon", ...declinedHint(state) };
    case "SELECTING":
      if (state.unusable !== undefined)
        return { text: "link up, no answer to DHCP that is of use", hint: state.unusable };
      return selectingText(Math.round((now - state.startedAt) / 1_000));
    case "REQUESTING":
      return { text: `${state.offer.server} offers ${state.offer.address}`, ...unusableHint(state) };
    case "REBOOTING":
      return { text: `asking for ${state.address}, the address from before`, ...unusableHint(state) };
    case "PROBING":
      return { text: `${state.lease.address} from ${state.lease.server}, is it free?` };
    case "BOUND":
      return {
        text: `${state.lease.address} from ${state.lease.server}${state.carrier ? "" : ", no cable"}`,
        ...present("conflict", state.defence?.mac),
      };
    case "RENEWING":
    case "REBINDING":
      return {
        text: `${state.lease.address}, renewing its lease`,
        ...unusableHint(state),
        ...present("conflict", state.defence?.mac),
      };
    default:
      return state satisfies never;
  }
}

function unusableHint({ unusable }: { readonly unusable?: string }): { readonly hint?: string } {
  return present("hint", unusable);
}

function declinedHint(state: State): { readonly hint?: string } {
  return present("hint", "declined" in state ? state.declined : undefined);
}

/** Longer than a server takes to probe whether an address is free. */
const PATIENCE_SECONDS = 3;
/** Spanning tree listens and learns for 15 s each (IEEE 802.1D, section 17.14), after up to 20 s of its own. */
const SPANNING_TREE_SECONDS = 50;

function selectingText(seconds: number): StatusText {
  if (seconds < PATIENCE_SECONDS) return { text: "asking for an address" };
  const text = "link up, no answer to DHCP";
  if (seconds < SPANNING_TREE_SECONDS) return { text, hint: "the switch may still hold the port (STP)" };
  return { text, hint: "is there a DHCP server in this network?" };
}
