/** Lives of clients by chance, the same in every run: what must hold whatever happens, and in whatever order. */

import { expect, test } from "bun:test";
import type { Event, Request } from "../../../../probes/dhcp/state.ts";
import { createRandom } from "./random.ts";
import { LEASE, leaseOf, Simulation } from "./simulation.ts";

const LIVES = 200;
const EVENTS = 150;
const LIFETIMES = [4, 5, 20, 120, 3_600, 86_400, Infinity];
const CONFLICT = { kind: "conflict", mac: "52:54:00:00:00:aa" } as const;

const random = createRandom(0x636c756d);
const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;

/** What one of two servers says, if anything. */
function answer({ type, xid, ciaddr }: Request): Event | undefined {
  const address = ciaddr ?? `10.9.0.${50 + random(3)}`;
  const lease = { ...leaseOf(pick(LIFETIMES)), address, server: `10.9.0.${1 + random(2)}` };
  if (type === "DECLINE" || type === "RELEASE" || random(4) === 0) return undefined;
  if (random(12) === 0) return { kind: "unusable", xid, why: "" };
  if (random(8) === 0) return { kind: "nak", xid, server: lease.server };
  return type === "DISCOVER" ? { kind: "offer", xid, lease } : { kind: "ack", xid, lease };
}

function createLife() {
  const jitter = pick([-1, 0, 0.5, 1]);
  const client = new Simulation({ jitter, ...(random(2) === 0 && { previous: LEASE.address }) });
  const late: Event[] = [];
  let hasCarrier = true;
  let isSilent = false;
  client.server = (request) => {
    const reply = isSilent ? undefined : answer(request);
    if (reply === undefined || random(3) > 0) return reply;
    late.push(reply);
    return undefined;
  };
  const deeds: readonly (() => void)[] = [
    () => client.runUntil(client.now + random(3_000)),
    () => client.runUntil(client.now + random(100_000)),
    () => client.runUntil(client.now + random(10_000_000)),
    () => client.happen({ kind: "timer" }),
    () => {
      isSilent = !isSilent;
    },
    () => client.happen(CONFLICT),
    () => client.happen(late.splice(random(late.length + 1), 1)[0] ?? CONFLICT),
    () => {
      hasCarrier = !hasCarrier;
      client.happen({ kind: "carrier", up: hasCarrier });
    },
  ];
  return { client, act: () => pick(deeds)(), hasCarrier: () => hasCarrier };
}

function check(client: Simulation, hasCarrier: boolean): void {
  const { state, leases, now } = client;
  const isInUse = state.at === "BOUND" || state.at === "RENEWING" || state.at === "REBINDING";
  expect(leases.at(-1)).toBe(isInUse ? state.lease.address : undefined);
  expect(state.wake).not.toBeNaN();
  // An address is let go in time, and nothing waits for ever but for a cable, or with a lease for ever.
  if (isInUse)
    expect(Math.max(state.wake, now)).toBeLessThanOrEqual(state.since + state.lease.seconds * 1_000);
  else if (hasCarrier) expect(state.wake).toBeLessThan(now + 100_000);
  else expect(state.wake).toBe(Infinity);
}

test("of each client: an address is in use as long as its state says so, and time, and the cable allow", () => {
  const visited = new Set<string>();
  for (let life = 0; life < LIVES; life++) {
    const { client, act, hasCarrier } = createLife();
    for (let event = 0; event < EVENTS; event++) {
      const sent = client.sent.length;
      const hadCarrier = hasCarrier();
      act();
      client.runUntil(client.now);
      check(client, hasCarrier());
      if (!hadCarrier && !hasCarrier()) expect(client.sent.length).toBe(sent);
      visited.add(client.state.at);
    }
  }
  expect(visited.size).toBe(9);
}, 60_000);
