/** Another machine uses our address in the life of a lease (RFC 5227, section 2.4). */

import { describe, expect, test } from "bun:test";
import { bound, granting, LATE, LEASE, leaseOf, PROBED, Simulation } from "./simulation.ts";

const CONFLICT = { kind: "conflict", mac: "52:54:00:00:00:aa" } as const;
const DEFEND = 10_000;
const T1 = 1_800_000;
const T2 = 3_150_000;

describe.each([
  ["BOUND", 1_000_000],
  ["RENEWING", T1],
  ["REBINDING", T2],
])("in %s", (at, when) => {
  function claimed(): Simulation {
    const client = bound();
    client.runUntil(when);
    client.happen(CONFLICT);
    return client;
  }

  test("the address is announced once, and kept", () => {
    const client = claimed();
    expect<string>(client.state.at).toBe(at);
    expect(client.leases).toEqual(["10.9.0.50"]);
    expect(client.announced).toHaveLength(2);
  });

  test("another claim within ten seconds has it given up, declined, and another one asked for", () => {
    const client = claimed();
    client.runUntil(when + DEFEND - 1);
    client.happen(CONFLICT);
    expect([client.state.at, client.leases, client.announced.length]).toEqual([
      "INIT",
      ["10.9.0.50", undefined],
      2,
    ]);
    expect(client.sent.at(-1)?.request).toMatchObject({
      ...{ type: "DECLINE", requestedAddress: "10.9.0.50", server: "10.9.0.1" },
      message: "10.9.0.50 is in use by 52:54:00:00:00:aa",
    });
    client.server = granting({ ...LEASE, address: "10.9.0.51" });
    client.runUntil(when + 2 * DEFEND - 2);
    expect(client.state.at).toBe("INIT");
    client.runUntil(when + 2 * DEFEND - 1 + PROBED);
    expect(client.leases.at(-1)).toBe("10.9.0.51");
  });

  test("a claim after ten seconds is the first again", () => {
    const client = claimed();
    client.runUntil(when + DEFEND);
    client.happen(CONFLICT);
    expect([client.leases, client.announced.length]).toEqual([["10.9.0.50"], 3]);
  });
});

test("a claim is not forgotten where the lease is renewed between the two", () => {
  const client = bound(leaseOf(20));
  client.server = granting(leaseOf(20));
  client.runUntil(9_999);
  client.happen(CONFLICT);
  client.runUntil(10_000);
  expect(client.leases).toEqual(["10.9.0.50", "10.9.0.50"]);
  client.happen(CONFLICT);
  expect(client.leases.at(-1)).toBeUndefined();
});

test("what is still on its way when the cable is out counts for nothing", () => {
  const client = bound();
  client.happen({ kind: "carrier", up: false });
  const before = client.state;
  client.happen(CONFLICT);
  expect(client.state).toBe(before);
});

test("a cable that is back may lead to somebody who has the address: it is probed", () => {
  const client = bound();
  client.runUntil(LATE);
  for (const up of [false, true]) client.happen({ kind: "carrier", up });
  expect(client.probes.slice(2)).toEqual([{ at: LATE, address: "10.9.0.50" }]);
});

test("who has the address where the cable leads by now is not fought, and another one is asked for at once", () => {
  const client = bound();
  client.runUntil(LATE);
  for (const up of [false, true]) client.happen({ kind: "carrier", up });
  client.happen(CONFLICT);
  expect([client.leases, client.announced.length]).toEqual([["10.9.0.50", undefined], 1]);
  expect(client.state).toMatchObject({ at: "INIT", wake: LATE, refusals: 0 });
  client.runUntil(LATE);
  expect(client.sent.at(-1)?.request).toMatchObject({ type: "DISCOVER" });
  expect(client.sent.at(-1)?.request.requestedAddress).toBeUndefined();
});

test("who has it there counts also where the server answers first, for two seconds", () => {
  const client = bound();
  client.server = granting();
  client.runUntil(LATE);
  for (const up of [false, true]) client.happen({ kind: "carrier", up });
  expect(client.state.at).toBe("BOUND");
  client.runUntil(2 * LATE - 1);
  client.happen(CONFLICT);
  expect([client.leases.at(-1), client.announced.length]).toEqual([undefined, 1]);
  expect(client.sent.at(-1)?.request.type).toBe("DECLINE");
});

test("where no server answers after that, a later claim is defended as any other", () => {
  const client = bound();
  client.runUntil(LATE);
  for (const up of [false, true]) client.happen({ kind: "carrier", up });
  client.runUntil(LATE + 4_000);
  client.happen(CONFLICT);
  expect([client.state.at, client.leases, client.announced.length]).toEqual(["REBINDING", ["10.9.0.50"], 2]);
});

test("a claim is told of for a minute, and T1 is when it was", () => {
  const client = bound(leaseOf(Infinity));
  client.runUntil(LATE + 1_000);
  client.happen(CONFLICT);
  client.runUntil(LATE + 60_999);
  expect(client.state).toHaveProperty("defence");
  client.runUntil(LATE + 61_000);
  expect(client.state).toMatchObject({ at: "BOUND", wake: Infinity });
  expect(client.state).not.toHaveProperty("defence");

  const renewed = bound();
  renewed.runUntil(T1 - 30_000);
  renewed.happen(CONFLICT);
  renewed.runUntil(T1);
  expect(renewed.state).toMatchObject({ at: "RENEWING", defence: { at: T1 - 30_000 } });
  renewed.happen({ kind: "ack", xid: renewed.sent.at(-1)!.request.xid, lease: LEASE });
  renewed.runUntil(T1 + 30_000);
  expect(renewed.state).toMatchObject({ at: "BOUND", wake: T1 + T1 });
  expect(renewed.state).not.toHaveProperty("defence");
});

test("who claims an address means nothing before one is asked for", () => {
  const client = new Simulation();
  client.runUntil(0);
  const before = client.state;
  client.happen(CONFLICT);
  expect(client.state).toBe(before);
});
