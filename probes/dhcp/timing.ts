/** When to retransmit, and when to renew a lease; all times in milliseconds. */

import { DEFEND_MILLISECONDS } from "../arp/timing.ts";
import type { Lease } from "./lease.ts";

/** RFC 2131, section 4.1: 4, 8, 16, 32, 64, 64… seconds, each one second more or less. */
const FIRST_WAIT = 4_000;
const LONGEST_WAIT = 64_000;
const JITTER = 1_000;

/** RFC 2131, section 4.4.5. */
const SHORTEST_RENEWAL_WAIT = 60_000;
const LEAST_TRIES_A_PHASE = 4;
const SHORTEST_WAIT_EVER = 1_000;

/** T1 moves by up to this part of itself, so that nodes that booted together do not renew together. */
const T1_FUZZ = 1 / 64;

/** The wait after the n-th message of an exchange, n from 1. */
export function retransmissionWait(tries: number, jitter: number): number {
  return Math.min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT) + jitter * JITTER;
}

/** So many DISCOVERs cover the time in which a switch with spanning tree may hold a port. */
const SPANNING_TREE_TRIES = 7;
const LONGEST_WAIT_MEANWHILE = 8_000;

/**
 * The wait after the n-th DISCOVER, n from 1: 4 s, then 8 s for the 52 s in which a switch may hold its port, then
 * doubling. With the doubling of section 4.1 from the start, a port that opens after 30 s would wait for 30 s more.
 */
export function discoverWait(tries: number, jitter: number): number {
  if (tries > SPANNING_TREE_TRIES) return retransmissionWait(tries - SPANNING_TREE_TRIES + 2, jitter);
  return Math.min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT_MEANWHILE) + jitter * JITTER;
}

export interface Phase {
  readonly start: number;
  readonly end: number;
}

/**
 * When RENEWING or REBINDING retransmits: after half of what remains of its phase, at least 60 s. In a shorter phase the
 * client sends about four messages all the same, or one lost packet would cost a lease of seconds.
 */
export function nextRenewal(now: number, phase: Phase): number {
  const length = phase.end - phase.start;
  const least = Math.min(SHORTEST_RENEWAL_WAIT, Math.max(length / LEAST_TRIES_A_PHASE, SHORTEST_WAIT_EVER));
  return Math.min(now + Math.max((phase.end - now) / 2, least), phase.end);
}

/** T1, T2 and the end of a lease on our clock. */
export function leaseTimes(lease: Lease, since: number): { renew: number; rebind: number; end: number } {
  return {
    renew: since + lease.renewAfter * 1_000,
    rebind: since + lease.rebindAfter * 1_000,
    end: since + lease.seconds * 1_000,
  };
}

/** Whether a claim to our address comes within DEFEND_INTERVAL of the last defence. */
export function isRecent(defence: { readonly at: number } | undefined, now: number): boolean {
  return defence !== undefined && now - defence.at < DEFEND_MILLISECONDS;
}

/** How long the screen shows a conflict after the latest claim. */
const TOLD_MILLISECONDS = 60_000;

export function forgetTime(defence: { readonly at: number }): number {
  return defence.at + TOLD_MILLISECONDS;
}

/** T1 with its random fuzz (section 4.4.5). */
export function renewalTime(lease: Lease, since: number, jitter: number): number {
  const renewAt = since + lease.renewAfter * 1_000 * (1 + jitter * T1_FUZZ);
  return Math.min(renewAt, leaseTimes(lease, since).rebind);
}
