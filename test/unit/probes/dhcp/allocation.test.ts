import { describe, expect, test } from "bun:test";
import { statusText } from "../../../../probes/dhcp/report.ts";
import { granting, LEASE, PROBED, refusing, Simulation, silent } from "./simulation.ts";

const OTHER = { ...LEASE, address: "10.9.0.99", server: "10.9.0.2" };

describe("without a lease", () => {
  test("a grant leads through all states at once", () => {
    const client = new Simulation();
    client.server = granting();
    client.runUntil(PROBED);
    expect(client.path).toEqual(["SELECTING", "REQUESTING", "PROBING", "BOUND"]);
    expect(client.leases).toEqual(["10.9.0.50"]);
  });

  test.each([
    [-1, [0, 3, 10, 17, 24, 31, 38, 45, 60, 91, 154, 217]],
    [0, [0, 4, 12, 20, 28, 36, 44, 52, 68, 100, 164, 228]],
    [1, [0, 5, 14, 23, 32, 41, 50, 59, 76, 109, 174, 239]],
  ])(
    "DISCOVER is sent again after 4 s, every 8 s of the first minute, then doubling to 64 s (jitter %p)",
    (jitter, times) => {
      const client = new Simulation({ jitter });
      client.runUntil(times.at(-1)! * 1_000);
      expect(client.sentAfter(0)).toEqual(times);
    },
  );

  test("DISCOVER is sent for ever, with one xid and the seconds that passed", () => {
    const client = new Simulation();
    client.runUntil(7 * 24 * 3_600_000);
    expect(client.sent.length).toBeGreaterThan(9_000);
    expect(new Set(client.sent.map(({ request }) => request.xid)).size).toBe(1);
    expect(client.sent.slice(0, 4).map(({ request }) => request.secs)).toEqual([0, 4, 12, 20]);
    expect(client.sent.at(-1)?.request.secs).toBe(65_535);
  });

  test("every second DISCOVER asks for a broadcast answer, and its REQUEST likewise", () => {
    const client = new Simulation();
    client.server = (request, now) => (now === 4_000 ? granting()(request, now) : undefined);
    client.runUntil(4_000);
    expect(client.sent.map(({ request }) => request.broadcast)).toEqual([false, true, true]);
  });

  test("REQUEST names offer and server, with the xid and the secs of the DISCOVER", () => {
    const client = new Simulation();
    client.runUntil(5_500);
    const { xid } = client.sent[0]!.request;
    client.happen({ kind: "offer", xid, lease: LEASE });
    expect(client.sent.at(-1)?.request).toEqual({
      type: "REQUEST",
      xid,
      secs: 4,
      broadcast: true,
      requestedAddress: "10.9.0.50",
      server: "10.9.0.1",
    });
  });

  test("a server that falls silent after its offer is asked three times, then DISCOVER, and another one first", () => {
    const client = new Simulation();
    client.server = ({ type, xid }) =>
      type === "DISCOVER" ? { kind: "offer", xid, lease: LEASE } : undefined;
    client.runUntil(27_999);
    expect(client.state.at).toBe("REQUESTING");
    expect(client.sentAfter(0)).toEqual([0, 0, 4, 12]);
    client.runUntil(28_000);
    expect(client.path).toEqual(["SELECTING", "REQUESTING", "INIT", "SELECTING"]);
    client.happen({ kind: "offer", xid: client.sent.at(-1)!.request.xid, lease: OTHER });
    expect(client.state).toMatchObject({ at: "REQUESTING", offer: OTHER });
  });

  test("a server that fell silent is taken again where there is no other", () => {
    const client = new Simulation();
    client.server = (request, now) => (request.type === "DISCOVER" ? granting()(request, now) : undefined);
    client.runUntil(28_000);
    expect(client.state.at).toBe("SELECTING");
    client.server = granting();
    client.runUntil(32_000 + PROBED);
    expect(client.state.at).toBe("BOUND");
  });

  test("a refusal leads to DISCOVER at once with a new xid; refusals without end become slow", () => {
    const client = new Simulation();
    client.server = refusing();
    client.runUntil(0);
    const attempt = ["SELECTING", "REQUESTING", "INIT"];
    expect(client.path).toEqual([...attempt, ...attempt]);
    const discovers = client.sent.filter(({ request }) => request.type === "DISCOVER");
    expect(new Set(discovers.map(({ request }) => request.xid)).size).toBe(2);
    client.runUntil(3_600_000);
    expect(client.sent.length).toBeLessThan(200);
    client.server = granting();
    client.runUntil(3_600_000 + 70_000);
    expect(client.state.at).toBe("BOUND");
  });

  test("the lease counts from the first REQUEST", () => {
    const client = new Simulation();
    client.server = ({ type, xid }, now) => {
      if (type === "DISCOVER") return { kind: "offer", xid, lease: LEASE };
      return now >= 4_000 ? { kind: "ack", xid, lease: LEASE } : undefined;
    };
    client.runUntil(4_000);
    expect(client.state).toMatchObject({ at: "BOUND", since: 0 });
  });
});

/** The first exchange of a simulation. */
const xid = 100;

function requesting(): Simulation {
  const client = new Simulation();
  client.server = (request, now) => (request.type === "DISCOVER" ? granting()(request, now) : undefined);
  client.runUntil(0);
  return client;
}

describe("an ACK that differs from its OFFER counts (section 4.4.1)", () => {
  test.each([
    [{ ...LEASE, address: "10.9.0.51" }, "10.9.0.1 grants 10.9.0.51, not 10.9.0.50"],
    [{ ...LEASE, server: "10.9.0.2" }, "10.9.0.2 grants what 10.9.0.1 offered"],
    [OTHER, "10.9.0.2 grants 10.9.0.99, not 10.9.0.50"],
    [LEASE, undefined],
  ])("%p: %p", (lease, because) => {
    const client = requesting();
    client.runUntil(1_000);
    client.happen({ kind: "ack", xid, lease });
    expect(client.because.at(-1)).toBe(because);
    expect(client.probes.at(-1)).toEqual({ at: 1_000, address: lease.address });
    client.runUntil(1_000 + PROBED);
    expect(client.state).toMatchObject({ at: "BOUND", lease, since: 0 });
  });

  test("the address granted is probed anew: who has the one offered means nothing", () => {
    const client = requesting();
    client.happen({ kind: "conflict", mac: "52:54:00:00:00:aa" });
    client.runUntil(1_000);
    client.happen({ kind: "ack", xid, lease: OTHER });
    client.runUntil(1_000 + PROBED - 1);
    expect(client.state.at).toBe("PROBING");
    client.runUntil(1_000 + PROBED);
    expect(client.state).toMatchObject({ at: "BOUND", lease: OTHER });
  });
});

describe("an answer that cannot be taken is named", () => {
  const why = "Cannot use a lease: it lasts 1 s, wanted 4 or more";

  test.each([
    [{ kind: "unusable", xid, why }, why],
    [{ kind: "nak", xid, server: "10.9.0.2", message: "not mine" }, "refused by 10.9.0.2: not mine"],
  ] as const)("in REQUESTING: %p", (reply, text) => {
    const client = requesting();
    client.happen(reply);
    expect(client.because.at(-1)).toBe(text);
    expect(statusText(client.state, 0)).toEqual({ text: "10.9.0.1 offers 10.9.0.50", hint: text });
    const before = client.state;
    client.happen(reply);
    expect(client.state).toBe(before);
    client.runUntil(28_000);
    expect(client.because).toContain(`10.9.0.1 made an offer and no answer of use followed: ${text}`);
  });

  test("one that comes in time is taken all the same", () => {
    const client = requesting();
    client.happen({ kind: "unusable", xid, why });
    client.happen({ kind: "ack", xid, lease: LEASE });
    client.runUntil(PROBED);
    expect(client.state.at).toBe("BOUND");
  });

  test("silence is called silence", () => {
    const client = requesting();
    client.runUntil(28_000);
    expect(client.because).toContain("10.9.0.1 made an offer and fell silent");
  });
});

describe("replies that do not fit change nothing", () => {
  test.each([
    ["an offer of another exchange", { kind: "offer", xid: 9, lease: LEASE }],
    ["a grant", { kind: "ack", xid, lease: LEASE }],
    ["a refusal", { kind: "nak", xid, server: LEASE.server }],
  ] as const)("SELECTING: %s", (_, reply) => {
    const client = new Simulation();
    client.runUntil(0);
    const before = client.state;
    expect(before).toMatchObject({ xid });
    client.happen(reply);
    expect(client.state).toBe(before);
  });

  test.each([
    ["a second offer", { kind: "offer", xid, lease: OTHER }],
    ["a grant of another exchange", { kind: "ack", xid: 9, lease: LEASE }],
    ["a refusal of another exchange", { kind: "nak", xid: 9, server: LEASE.server }],
    ["an unusable answer of another exchange", { kind: "unusable", xid: 9, why: "" }],
  ] as const)("REQUESTING: %s", (_, reply) => {
    const client = requesting();
    const before = client.state;
    expect(before).toMatchObject({ at: "REQUESTING", xid });
    client.happen(reply);
    expect(client.state).toBe(before);
  });
});

describe("the carrier", () => {
  test("nothing is sent before it is there, DISCOVER at once then", () => {
    const client = new Simulation({ carrier: false });
    client.runUntil(1_000_000);
    expect(client.sent).toEqual([]);
    client.happen({ kind: "carrier", up: true });
    client.runUntil(1_000_000);
    expect(client.sentAfter(1_000_000)).toEqual([0]);
  });

  test("nothing is sent while it is gone, and the schedule starts anew when it is back", () => {
    const client = new Simulation();
    client.runUntil(99_000);
    client.happen({ kind: "carrier", up: false });
    expect(client.state.at).toBe("INIT");
    client.runUntil(200_000);
    expect(client.sentAfter(99_000)).toEqual([]);
    client.happen({ kind: "carrier", up: true });
    client.runUntil(205_000);
    expect(client.sentAfter(200_000)).toEqual([0, 4]);
  });

  test("REQUESTING is given up without it", () => {
    const client = new Simulation();
    client.server = (request, now) => (request.type === "DISCOVER" ? granting()(request, now) : undefined);
    client.runUntil(0);
    client.server = silent;
    client.happen({ kind: "carrier", up: false });
    client.runUntil(90_000);
    expect(client.state.at).toBe("INIT");
    expect(client.sent.length).toBe(2);
  });

  test("an early timer changes nothing", () => {
    const client = new Simulation();
    client.runUntil(3_999);
    const before = client.state;
    client.happen({ kind: "timer" });
    expect(client.state).toBe(before);
  });

  test("a second refusal in a row gives other servers the first chance", () => {
    const client = new Simulation();
    client.server = refusing();
    client.runUntil(4_000);
    expect(client.state).toMatchObject({ at: "SELECTING", avoidedServer: "10.9.0.1" });
  });

  test("an event that says what is known already changes nothing", () => {
    const client = new Simulation();
    client.runUntil(1_000);
    const before = client.state;
    client.happen({ kind: "carrier", up: true });
    expect(client.state).toBe(before);
  });
});
