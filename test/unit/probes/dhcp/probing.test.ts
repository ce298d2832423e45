import { describe, expect, test } from "bun:test";
import { granting, LATE, LEASE, leaseOf, PROBED, Simulation } from "./simulation.ts";

const CONFLICT = { kind: "conflict", mac: "52:54:00:00:00:aa" } as const;
const TAKEN = "10.9.0.50 is in use by 52:54:00:00:00:aa";

/** A client whose lease was granted at time 0. */
function granted(): Simulation {
  const client = new Simulation();
  client.server = granting();
  client.runUntil(0);
  return client;
}

describe("a granted address", () => {
  test("is probed with its REQUEST and with its grant, and used when nobody has answered", () => {
    const client = granted();
    expect(client.probes).toEqual([
      { at: 0, address: "10.9.0.50" },
      { at: 0, address: "10.9.0.50" },
    ]);
    client.runUntil(PROBED - 1);
    expect([client.state.at, client.leases]).toEqual(["PROBING", []]);
    client.runUntil(PROBED);
    expect([client.state.at, client.leases]).toEqual(["BOUND", ["10.9.0.50"]]);
    expect(client.state).toMatchObject({ since: 0 });
    expect(client.announced).toEqual(["10.9.0.50"]);
  });

  test("is used at once where the server took longer than the probe", () => {
    const client = new Simulation();
    client.server = ({ type, xid }, now) => {
      if (type === "DISCOVER") return { kind: "offer", xid, lease: LEASE };
      return now >= 4_000 ? { kind: "ack", xid, lease: LEASE } : undefined;
    };
    client.runUntil(4_000);
    expect(client.state.at).toBe("BOUND");
  });

  test.each([
    ["after its grant", (client: Simulation) => client.runUntil(PROBED - 1)],
    ["at once", () => {}],
  ])("that somebody answers for %s is declined, by its own xid, and never used", (_, wait) => {
    const client = granted();
    wait(client);
    client.happen(CONFLICT);
    const { xid, ...request } = client.sent.at(-1)!.request;
    expect(request).toEqual({
      ...{ type: "DECLINE", secs: 0, broadcast: false, message: TAKEN },
      ...{ requestedAddress: "10.9.0.50", server: "10.9.0.1" },
    });
    expect(xid).not.toBe(client.sent[0]!.request.xid);
    client.runUntil(9_999);
    expect(client.leases).toEqual([]);
  });

  test("that somebody answers for before its grant is declined once it is granted", () => {
    const client = new Simulation();
    client.server = ({ type, xid }) =>
      type === "DISCOVER" ? { kind: "offer", xid, lease: LEASE } : undefined;
    client.runUntil(0);
    client.happen(CONFLICT);
    expect(client.state.at).toBe("REQUESTING");
    client.happen({ kind: "ack", xid: client.sent.at(-1)!.request.xid, lease: LEASE });
    expect(client.state.at).toBe("INIT");
    expect(client.sent.at(-1)?.request.type).toBe("DECLINE");
    expect(client.leases).toEqual([]);
  });

  test("that somebody answers for late is given up and declined; nobody is heard any more after two seconds", () => {
    const client = granted();
    client.runUntil(PROBED + LATE - 1);
    client.happen(CONFLICT);
    expect(client.leases).toEqual(["10.9.0.50", undefined]);
    expect(client.sent.at(-1)?.request.type).toBe("DECLINE");
    expect(client.state).toMatchObject({ at: "INIT", wake: PROBED + LATE - 1 + 10_000 });

    const undisturbed = granted();
    undisturbed.runUntil(PROBED + LATE);
    expect(undisturbed.state).toMatchObject({ at: "BOUND", wake: 1_800_000 });
    expect(undisturbed.state).not.toHaveProperty("renewAt");
    expect(undisturbed.state).not.toHaveProperty("refusals");
  });

  test("that a machine answers for after 100 ms is in use by then, and is given up and declined", () => {
    const client = granted();
    client.runUntil(100);
    expect([client.state.at, client.leases]).toEqual(["BOUND", ["10.9.0.50"]]);
    client.happen(CONFLICT);
    expect(client.leases).toEqual(["10.9.0.50", undefined]);
    expect(client.sent.at(-1)?.request).toMatchObject({ type: "DECLINE", requestedAddress: "10.9.0.50" });
  });

  test("that somebody answers for late, again and again, is asked for ever more slowly", () => {
    const client = granted();
    const pauses: number[] = [];
    for (let count = 0; count < 6; count++) {
      client.runUntil(client.now + PROBED);
      expect(client.state.at).toBe("BOUND");
      client.happen(CONFLICT);
      pauses.push(client.state.wake - client.now);
      client.runUntil(client.state.wake);
    }
    expect(pauses).toEqual([10_000, 14_000, 18_000, 26_000, 42_000, 74_000]);
  });

  test("of a lease shorter than that is renewed in time", () => {
    const client = new Simulation();
    client.server = granting(leaseOf(4));
    client.runUntil(2_100);
    expect(client.path).toEqual(["SELECTING", "REQUESTING", "PROBING", "BOUND", "RENEWING", "BOUND"]);
  });

  test("that was declined: DISCOVER follows after ten seconds, asks for no address, and takes the next", () => {
    const client = granted();
    client.happen(CONFLICT);
    client.server = granting({ ...LEASE, address: "10.9.0.51" });
    client.runUntil(9_999);
    expect(client.state.at).toBe("INIT");
    client.runUntil(10_000 + PROBED);
    const discover = client.sent.findLast(({ request }) => request.type === "DISCOVER");
    expect(discover?.at).toBe(10_000);
    expect(discover?.request.requestedAddress).toBeUndefined();
    expect(client.leases).toEqual(["10.9.0.51"]);
  });

  test("that is declined again and again is asked for ever more slowly", () => {
    const client = granted();
    client.happen(CONFLICT);
    client.runUntil(10_000);
    client.happen(CONFLICT);
    client.runUntil(23_999);
    expect(client.state.at).toBe("INIT");
    client.runUntil(24_000);
    expect(client.state.at).toBe("PROBING");
  });

  test("is asked for again where the cable is pulled before it is used", () => {
    const client = granted();
    client.happen({ kind: "carrier", up: false });
    expect(client.state).toMatchObject({ at: "INIT-REBOOT", carrier: false, address: "10.9.0.50" });
    expect(client.leases).toEqual([]);
  });
});
