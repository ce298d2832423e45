/** Chooses the device of a fixed address that names none. */

import { type Candidate, compare } from "../network/choice.ts";
import { matchesName } from "../network/names.ts";
import type { KnownLink } from "./known-link.ts";

/** How long the other links get for their carrier after the first has one: which comes first must not matter. */
export const CARRIERS_MILLISECONDS = 1_000;

export interface DeviceChoice {
  /** Of the link that has the address, for as long as the link is there. */
  readonly index?: number;
  /** When the choice falls, on the clock of the plan. */
  readonly due?: number;
}

/**
 * The choice that follows from an earlier one: a preferred device at once, or the best of those with a carrier.
 * @param links those that may have the address
 * @param preferred names of the preferred primary NICs, the most preferred first
 */
export function chooseDevice(
  links: readonly KnownLink[],
  before: DeviceChoice,
  { preferred, now }: { readonly preferred: readonly string[]; readonly now: number },
): DeviceChoice {
  if (links.some(({ link }) => link.index === before.index)) return before;
  const wanted = preferred.flatMap(
    (name) => links.find(({ names }) => matchesName(name, names))?.link.index ?? [],
  );
  if (wanted[0] !== undefined) return { index: wanted[0] };
  const ready = links.filter(({ link }) => link.carrier);
  if (before.due === undefined) return ready.length === 0 ? {} : { due: now + CARRIERS_MILLISECONDS };
  if (now < before.due) return { due: before.due };
  const best = ready.map(candidateOf).toSorted(compare)[0];
  return best === undefined ? {} : { index: best.index };
}

function candidateOf({ link, bus, place }: KnownLink): Candidate {
  const { index, name, carrier } = link;
  return { index, name, carrier, isOffered: false, bus, place };
}
