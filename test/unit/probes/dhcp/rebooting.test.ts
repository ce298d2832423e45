import { describe, expect, test } from "bun:test";
import { statusText } from "../../../../probes/dhcp/report.ts";
import { granting, LEASE, PROBED, Simulation } from "./simulation.ts";

/** A client that knows the address its interface had while the firmware booted. */
const rebooting = (options = {}) => new Simulation({ previous: "10.9.0.50", ...options });

describe("with an address from before", () => {
  test("REQUEST asks for it at once, without server and ciaddr", () => {
    const client = rebooting();
    expect(client.state.at).toBe("INIT-REBOOT");
    client.runUntil(0);
    expect(client.state.at).toBe("REBOOTING");
    const [{ request }] = client.sent as [(typeof client.sent)[number]];
    const { xid, ...rest } = request;
    expect(rest).toEqual({ type: "REQUEST", secs: 0, broadcast: false, requestedAddress: "10.9.0.50" });
    expect(client.probes).toEqual([{ at: 0, address: "10.9.0.50" }]);
  });

  test("the grant of any server is probed and used: one exchange, one address", () => {
    const client = rebooting();
    client.server = granting({ ...LEASE, server: "10.9.0.2" });
    client.runUntil(PROBED);
    expect(client.path).toEqual(["REBOOTING", "PROBING", "BOUND"]);
    expect(client.sent).toHaveLength(1);
    expect(client.leases).toEqual(["10.9.0.50"]);
  });

  test("another address that is granted is probed and used", () => {
    const client = rebooting();
    client.server = granting({ ...LEASE, address: "10.9.0.51" });
    client.runUntil(PROBED);
    expect(client.leases).toEqual(["10.9.0.51"]);
    expect(client.because).toContain("10.9.0.1 grants 10.9.0.51, not 10.9.0.50");
  });

  test("an answer that cannot be taken is named, and not called silence", () => {
    const client = rebooting();
    client.runUntil(0);
    const why = "Cannot use a lease: it lasts 1 s, wanted 4 or more";
    client.happen({ kind: "unusable", xid: 100, why });
    expect(statusText(client.state, 0).hint).toBe(why);
    client.runUntil(2_000);
    expect(client.because).toContain(`no answer of use for the address from before: ${why}`);
  });

  test("a refusal leads to DISCOVER at once, which asks for no address", () => {
    const client = rebooting();
    client.server = ({ type, xid }) =>
      type === "REQUEST" ? { kind: "nak", xid, server: "10.9.0.1" } : undefined;
    client.runUntil(0);
    expect(client.sent.at(-1)).toMatchObject({ at: 0, request: { type: "DISCOVER" } });
    expect(client.sent.at(-1)?.request.requestedAddress).toBeUndefined();
  });

  test("silence leads to DISCOVER after two seconds, which asks for the address", () => {
    const client = rebooting();
    client.runUntil(1_999);
    expect(client.sent).toHaveLength(1);
    client.runUntil(2_000);
    expect(client.sent.at(-1)).toMatchObject({
      at: 2_000,
      request: { type: "DISCOVER", requestedAddress: "10.9.0.50" },
    });
  });

  test("a machine that has the address by now is left alone", () => {
    const client = rebooting();
    client.runUntil(0);
    client.happen({ kind: "conflict", mac: "52:54:00:00:00:aa" });
    client.happen({ kind: "ack", xid: client.sent[0]!.request.xid, lease: LEASE });
    expect(client.sent.at(-1)?.request.type).toBe("DECLINE");
    expect(client.state.at).toBe("INIT");
  });

  test.each([
    ["a grant of another exchange", { kind: "ack", xid: 9, lease: LEASE }],
    ["an unusable answer of another exchange", { kind: "unusable", xid: 9, why: "" }],
    ["a refusal of another exchange", { kind: "nak", xid: 9, server: LEASE.server }],
    ["an offer", { kind: "offer", xid: 100, lease: LEASE }],
  ] as const)("%s changes nothing", (_, reply) => {
    const client = rebooting();
    client.runUntil(0);
    const before = client.state;
    expect(before).toMatchObject({ at: "REBOOTING", xid: 100 });
    client.happen(reply);
    expect(client.state).toBe(before);
  });

  test("a cable that comes later, or goes in between, is waited for", () => {
    const client = rebooting({ carrier: false });
    client.runUntil(60_000);
    expect(client.sent).toEqual([]);
    client.happen({ kind: "carrier", up: true });
    client.runUntil(60_000);
    client.happen({ kind: "carrier", up: false });
    client.runUntil(120_000);
    expect(client.sentAfter(60_000)).toEqual([0]);
    client.happen({ kind: "carrier", up: true });
    client.runUntil(120_000);
    expect(client.sent.at(-1)).toMatchObject({
      at: 120_000,
      request: { type: "REQUEST", requestedAddress: "10.9.0.50" },
    });
  });
});
