/** PROBING: the client uses a granted address if no other machine answers for it (RFC 2131, section 4.4.1; RFC 5227). */

import { present } from "../../system/optional.ts";
import { awaitLateConflict, bind } from "./binding.ts";
import type { Lease } from "./lease.ts";
import { send, stay } from "./outcome.ts";
import type { Init, Instant, Probing, TimedEvent, Transition } from "./state.ts";
import { retransmissionWait } from "./timing.ts";

/**
 * From the first probe on, which leaves with the REQUEST. RFC 2131, section 4.4.1, wants the check and sets no time for
 * it; the three probes of RFC 5227, section 2.1, take up to 7 s, longer than the whole boot. A machine of the same LAN
 * answers within a few milliseconds. The client declines the address for a later answer too: see LATE_MILLISECONDS.
 */
const PROBE_MILLISECONDS = 50;

/** RFC 2131, section 3.1, item 5: wait at least so long after a DECLINE. */
const AFTER_DECLINE_MILLISECONDS = 10_000;

interface Granted {
  /** When the REQUEST left that was granted. */
  readonly since: number;
  readonly refusals: number;
  /** The address that was asked for, and its server, where one was named. */
  readonly asked: { readonly address: string; readonly server?: string };
  /** When that address was first probed; absent where it was not. */
  readonly probedAt?: number;
  /** Hardware address of a machine that has that address. */
  readonly conflictMac?: string;
}

/**
 * REQUESTING, REBOOTING, RENEWING, REBINDING -> PROBING, with a second probe, or the first of an address that was not
 * asked for; or -> INIT where the first probe has found another machine.
 */
export function grant(lease: Lease, granted: Granted, event: Instant): Transition {
  const { since, refusals, asked, probedAt, conflictMac } = granted;
  const isProbed = lease.address === asked.address && probedAt !== undefined;
  const wake = Math.max((isProbed ? probedAt : event.now) + PROBE_MILLISECONDS, event.now);
  const state: Probing = { at: "PROBING", lease, since, refusals, wake };
  if (isProbed && conflictMac !== undefined) return decline(state, { ...event, mac: conflictMac });
  const effects = [{ kind: "probe", address: lease.address }] as const;
  return { state, effects, ...present("because", differenceText(lease, asked)) };
}

function differenceText({ address, server }: Lease, asked: Granted["asked"]): string | undefined {
  if (address !== asked.address) return `${server} grants ${address}, not ${asked.address}`;
  const isOther = asked.server !== undefined && server !== asked.server;
  return isOther ? `${server} grants what ${asked.server} offered` : undefined;
}

/** PROBING -> BOUND if no machine answers in time, else -> INIT. */
export function inProbing(state: Probing, event: TimedEvent): Transition {
  if (event.kind === "timer") {
    const { state: bound, effects } = bind(state.lease, state.since, event);
    // ARP caches of other machines may still hold a former owner of the address.
    const announcement = { kind: "announce", address: state.lease.address } as const;
    return { state: awaitLateConflict(bound, state.refusals, event), effects: [...effects, announcement] };
  }
  return event.kind === "conflict" ? decline(state, event) : stay(state);
}

/** -> INIT: the server marks the address as taken, and offers another one to the next DISCOVER. */
export function decline(
  { lease: { address, server }, refusals }: Pick<Probing, "lease" | "refusals">,
  { mac, now, jitter, newXid: xid }: Instant & { readonly mac: string },
): Transition {
  const because = `${address} is in use by ${mac}`;
  const longer = refusals === 0 ? 0 : retransmissionWait(refusals, jitter);
  const wake = now + AFTER_DECLINE_MILLISECONDS + longer;
  const state: Init = { at: "INIT", carrier: true, wake, refusals: refusals + 1, declined: because };
  const told = { requestedAddress: address, server, message: because };
  return { state, effects: [send({ type: "DECLINE", xid, secs: 0, broadcast: false, ...told })], because };
}
