import { describe, expect, test } from "bun:test";
import { changeLine, statusText } from "../../../../probes/dhcp/report.ts";
import { initialState } from "../../../../probes/dhcp/state.ts";
import { bound, leaseOf, Simulation } from "./simulation.ts";

const INIT = initialState(true, 0);

describe("changeLine()", () => {
  test("names lease and server", () => {
    const line = changeLine(INIT, { state: bound(leaseOf(Infinity)).state, effects: [] });
    expect(line).toBe("INIT -> BOUND 10.9.0.50/24 from 10.9.0.1 for ever");
  });

  test("says why", () => {
    const { state } = bound();
    const because = "refused by 10.9.0.1: wrong network";
    expect(changeLine(state, { state: INIT, effects: [], because })).toBe(
      "BOUND -> INIT (refused by 10.9.0.1: wrong network)",
    );
  });

  test("is nothing for the same message again, one line for a lost carrier", () => {
    const { state } = bound();
    expect(changeLine(state, { state, effects: [] })).toBeUndefined();
    expect(changeLine(state, { state, effects: [], because: "no carrier" })).toBe(
      "BOUND 10.9.0.50/24 from 10.9.0.1 for 3600 s (no carrier)",
    );
  });
});

describe("statusText()", () => {
  test("says so where a lease has lost its carrier, or is renewed", () => {
    const client = bound();
    expect(statusText(client.state, 0)).toEqual({ text: "10.9.0.50 from 10.9.0.1" });
    client.runUntil(1_800_000);
    expect(statusText(client.state, 0)).toEqual({ text: "10.9.0.50, renewing its lease" });
    client.happen({ kind: "carrier", up: false });
    expect(statusText(client.state, 0)).toEqual({ text: "10.9.0.50 from 10.9.0.1, no cable" });
  });

  test("names who claims the address, while that is recent, and again", () => {
    const client = bound();
    client.happen({ kind: "conflict", mac: "52:54:00:00:00:aa" });
    expect(statusText(client.state, 0)).toEqual({
      text: "10.9.0.50 from 10.9.0.1",
      conflict: "52:54:00:00:00:aa",
    });
    client.runUntil(1_800_000);
    expect(statusText(client.state, 0)).not.toHaveProperty("conflict");
    client.happen({ kind: "conflict", mac: "52:54:00:00:00:aa" });
    expect(statusText(client.state, 0).conflict).toBe("52:54:00:00:00:aa");
  });

  test("says why another address is to come", () => {
    const client = bound();
    for (let count = 0; count < 2; count++) client.happen({ kind: "conflict", mac: "52:54:00:00:00:aa" });
    expect(statusText(client.state, 0)).toEqual({
      text: "asking for an address soon",
      hint: "10.9.0.50 is in use by 52:54:00:00:00:aa",
    });
  });

  test.each([
    [2_499, { text: "asking for an address" }],
    [3_000, { text: "link up, no answer to DHCP", hint: "the switch may still hold the port (STP)" }],
    [49_000, { text: "link up, no answer to DHCP", hint: "the switch may still hold the port (STP)" }],
    [50_000, { text: "link up, no answer to DHCP", hint: "is there a DHCP server in this network?" }],
  ])("says after %p ms without an answer what may be the cause", (now, expected) => {
    const client = new Simulation();
    client.runUntil(0);
    expect(statusText(client.state, now)).toEqual(expected);
  });

  test("says what is wrong with an offer, of the latest DISCOVER and once, until a better one comes", () => {
    const client = new Simulation();
    client.runUntil(0);
    const { xid } = client.sent[0]!.request;
    const why = "Cannot use a lease: it lasts 1 s, wanted 4 or more";
    const before = client.state;
    client.happen({ kind: "unusable", xid: 9, why });
    expect(client.state).toBe(before);
    client.happen({ kind: "unusable", xid, why });
    const after = client.state;
    expect(statusText(after, 60_000)).toEqual({
      text: "link up, no answer to DHCP that is of use",
      hint: why,
    });
    client.happen({ kind: "unusable", xid, why });
    expect(client.state).toBe(after);
    client.happen({ kind: "offer", xid, lease: leaseOf(20) });
    expect(client.state.at).toBe("REQUESTING");
  });

  test("an answer that cannot be used means nothing where one is awaited from a server, or none", () => {
    for (const client of [bound(), new Simulation({ previous: "10.9.0.50" })]) {
      const before = client.state;
      client.happen({ kind: "unusable", xid: client.sent.at(-1)?.request.xid ?? 0, why: "" });
      expect(client.state).toBe(before);
    }
  });

  test("says that there is no cable", () => {
    const client = new Simulation({ carrier: false });
    expect(statusText(client.state, 0)).toEqual({ text: "no cable, no carrier" });
  });
});
