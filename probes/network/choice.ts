/**
 * Which interface makes this machine a node, where several could. Pure, and blind to the order in which they
 * were found: only what they are and how long they have been so counts.
 */

/** How an adapter is attached, the best first. */
const BUSES = ["built in", "on USB", "of the BMC"] as const;
export type Bus = (typeof BUSES)[number];

export interface Candidate {
  readonly index: number;
  readonly name: string;
  readonly bus: Bus;
  /** Its place on its bus, and then its hardware address: no two have the same. */
  readonly place: readonly string[];
  /** The option that names this NIC: "clump.nic=eth1". `rank` counts from 0, the most preferred. */
  readonly preference?: { readonly rank: number; readonly option: string };
  readonly carrier: boolean;
  /** An offer has come: a lease is a matter of moments. */
  readonly isOffered: boolean;
  /** Milliseconds since its lease came, undefined without one. */
  readonly leasedFor?: number;
  /** Milliseconds since its carrier went, undefined with one. */
  readonly deadFor?: number;
}

export interface Circumstances {
  /** Index of the current primary NIC. */
  readonly current?: number;
  /** Every driver is in: nothing more is to be expected soon. */
  readonly isComplete: boolean;
  /** An option names a NIC that is not among the candidates. */
  readonly isMissingPreferred: boolean;
}

export interface Choice {
  readonly chosen?: Candidate;
  /** The reason for this NIC, in a few words; absent if the choice is unchanged. */
  readonly reason?: string;
  /** Milliseconds after which to choose again, whatever happens until then. */
  readonly again?: number;
}

/** How long a lease waits for a NIC of a better kind: longer than Ethernet autonegotiation takes. */
export const GRACE_MILLISECONDS = 2_500;
/** How long a lease waits for a NIC of the same kind that asks at the same time and has a better place. */
const TIE_MILLISECONDS = 300;
const OFFER_MILLISECONDS = 1_000;
/** A cable may be moved to another port of the same switch, and a switch may restart a port. */
export const DEAD_MILLISECONDS = 10_000;

export function choose(candidates: readonly Candidate[], circumstances: Circumstances): Choice {
  const current = candidates.find(({ index }) => index === circumstances.current);
  const leased = candidates.filter(({ leasedFor }) => leasedFor !== undefined).toSorted(compare);
  if (current?.leasedFor !== undefined) return keepOrLeave(current, leased);
  const best = leased.find(({ carrier }) => carrier) ?? leased[0];
  if (best === undefined) return {};
  const wait = patience(best, candidates, circumstances) - (best.leasedFor ?? 0);
  return wait > 0 ? { again: wait } : { chosen: best, reason: explain(best, leased) };
}

/**
 * A node that changes its primary NIC changes its number, so it keeps the NIC. There are two exceptions: an option names
 * another NIC, which has its lease now; or the current NIC has no carrier, and another leased NIC has one.
 */
function keepOrLeave(current: Candidate, leased: readonly Candidate[]): Choice {
  const best = leased.find(({ carrier }) => carrier);
  if (best === undefined || best === current) return { chosen: current };
  if (comparePreference(best, current) < 0) return { chosen: best, reason: explain(best, leased) };
  if (current.deadFor !== undefined) {
    const wait = DEAD_MILLISECONDS - current.deadFor;
    if (wait > 0) return { chosen: current, again: wait };
    return { chosen: best, reason: `${current.name} has no carrier` };
  }
  if (compare(best, current) > 0) return { chosen: current };
  return { chosen: current, reason: `before ${best.name} had a lease: a node keeps its number` };
}

/** Milliseconds that the NIC with the best lease waits for a better NIC. */
function patience(
  best: Candidate,
  candidates: readonly Candidate[],
  { isComplete, isMissingPreferred }: Circumstances,
): number {
  const mayFindBetter = !isComplete && (best.bus !== "built in" || (isMissingPreferred && !best.preference));
  const waits = candidates
    .filter((other) => other.leasedFor === undefined && compare(other, best) < 0)
    .map((other) => {
      // Also without a carrier, which two ports take seconds to agree on.
      if (comparePreference(other, best) !== 0 || compareBus(other, best) !== 0) return GRACE_MILLISECONDS;
      if (other.isOffered) return OFFER_MILLISECONDS;
      return other.carrier ? TIE_MILLISECONDS : 0;
    });
  return Math.max(0, ...waits, mayFindBetter ? GRACE_MILLISECONDS : 0);
}

function explain(best: Candidate, leased: readonly Candidate[]): string {
  if (best.preference) return `requested by ${best.preference.option}`;
  const next = leased.find((other) => other !== best);
  if (next === undefined) return "the only one with a lease";
  if (!next.carrier && best.carrier) return `${next.name} has no carrier`;
  if (compareBus(best, next) !== 0) return `${best.bus}, ${next.name} is ${next.bus}`;
  return `before ${next.name} on its bus`;
}

/** Negative if `a` is the better NIC; for sorting. */
export function compare(a: Candidate, b: Candidate): number {
  return comparePreference(a, b) || compareBus(a, b) || comparePlaces(a.place, b.place);
}

function comparePreference(a: Candidate, b: Candidate): number {
  const rank = ({ preference }: Candidate) => preference?.rank ?? Number.MAX_SAFE_INTEGER;
  return rank(a) - rank(b);
}

function compareBus(a: Candidate, b: Candidate): number {
  return BUSES.indexOf(a.bus) - BUSES.indexOf(b.bus);
}

/** Numbers of a place have as many digits each (0000:00:0a.0), or are as long as they are great (1-2, 1-10). */
function comparePlaces(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [a, b].map((place) => place.flatMap((part) => part.split(/[:.-]/)));
  for (let at = 0; at < Math.max(left!.length, right!.length); at++) {
    const [one = "", other = ""] = [left![at], right![at]];
    if (one !== other) return one.length - other.length || (one < other ? -1 : 1);
  }
  return 0;
}
