import { describe, expect, test } from "bun:test";
import { statusText } from "../../../../probes/dhcp/report.ts";
import { bound, granting, LEASE, leaseOf, PROBED, Simulation } from "./simulation.ts";

const T1 = 1_800_000;
const T2 = 3_150_000;
const END = 3_600_000;

describe("with a lease", () => {
  test("nothing is sent before T1, then REQUEST to the server alone, with ciaddr and nothing else", () => {
    const client = bound();
    client.runUntil(T1 - 1);
    expect(client.sentAfter(1)).toEqual([]);
    client.runUntil(T1);
    expect(client.state.at).toBe("RENEWING");
    const { xid, ...request } = client.sent.at(-1)!.request;
    expect(request).toEqual({
      type: "REQUEST",
      secs: 0,
      broadcast: false,
      ciaddr: "10.9.0.50",
      to: "10.9.0.1",
    });
  });

  test("a renewal counts from its REQUEST", () => {
    const client = bound();
    client.server = granting();
    client.runUntil(T1);
    expect(client.state).toMatchObject({ at: "BOUND", since: T1 });
    expect(client.leases).toEqual(["10.9.0.50", "10.9.0.50"]);
    client.runUntil(20 * T1);
    expect(client.leases.length).toBe(21);
    expect(client.sent.every(({ request }) => request.type === "REQUEST" || request.secs === 0)).toBe(true);
  });

  test("without answers: half of the rest to T2, broadcast from there, half of the rest to the end", () => {
    const client = bound();
    client.runUntil(END);
    const renewals = client.sent.filter(({ request, at }) => request.to !== undefined && at > 0);
    const broadcasts = client.sent.filter(({ request }) => request.ciaddr && request.to === undefined);
    expect(renewals.map(({ at }) => at)).toEqual([T1, 2_475_000, 2_812_500, 2_981_250, 3_065_625, 3_125_625]);
    expect(broadcasts.map(({ at }) => at)).toEqual([T2, 3_375_000, 3_487_500, 3_547_500]);
    expect(client.path.slice(4)).toEqual(["RENEWING", "REBINDING", "INIT", "SELECTING"]);
  });

  test.each([
    ["sent again", T1, 2_475_000],
    ["sent to all at T2", 3_125_625, T2],
  ])("an answer to a message that was %s meanwhile counts, from when that left", (_, first, second) => {
    const client = bound();
    client.runUntil(first);
    const { xid } = client.sent.at(-1)!.request;
    client.runUntil(second);
    expect(client.sent.at(-1)!.at).toBe(second);
    client.happen({ kind: "ack", xid, lease: LEASE });
    expect(client.state).toMatchObject({ at: "BOUND", since: first });
  });

  test("of a server that takes longer than the next message, a lease of 4 s is kept", () => {
    const client = bound(leaseOf(4));
    const late: { readonly at: number; readonly xid: number }[] = [];
    client.server = ({ xid }, now) => {
      late.push({ at: now + 1_200, xid });
      return undefined;
    };
    for (let now = 0; now <= 60_000; now += 100) {
      client.runUntil(now);
      for (const { xid } of late.filter(({ at }) => at === now))
        client.happen({ kind: "ack", xid, lease: leaseOf(4) });
    }
    expect(client.leases).not.toContain(undefined);
    expect(client.leases.length).toBeGreaterThan(15);
  });

  test("each renewal has its own xid", () => {
    const client = bound();
    client.runUntil(END - 1);
    const xids = client.sentAfter(1).map((_, at, all) => client.sent.at(at - all.length)!.request.xid);
    expect(new Set(xids).size).toBe(xids.length);
  });

  test("the end takes the lease away, and the same address is asked for again", () => {
    const client = bound();
    client.runUntil(END);
    expect(client.leases).toEqual(["10.9.0.50", undefined]);
    expect(client.sent.at(-1)).toMatchObject({
      at: END,
      request: { type: "DISCOVER", requestedAddress: "10.9.0.50" },
    });
  });

  test("REBINDING takes the grant of any server", () => {
    const client = bound();
    client.runUntil(T2 - 1);
    client.server = granting({ ...LEASE, server: "10.9.0.2" });
    client.runUntil(T2);
    expect(client.state).toMatchObject({ at: "BOUND", since: T2, lease: { server: "10.9.0.2" } });
  });

  test("a lease of 20 s is renewed, and tried three times a phase", () => {
    const client = bound(leaseOf(20));
    client.runUntil(19_999);
    expect(client.sentAfter(1).map((time) => time + 0.001)).toEqual([10, 13.75, 15.625, 17.5, 18.75, 19.75]);
    const renewed = bound(leaseOf(20));
    renewed.server = granting(leaseOf(20));
    renewed.runUntil(10 * 60_000);
    expect(renewed.leases.length).toBe(61);
    expect(renewed.leases).not.toContain(undefined);
  });

  test("a lease for ever is never renewed", () => {
    const client = bound(leaseOf(Infinity));
    expect(client.state.wake).toBe(Infinity);
  });

  test.each([-1, 1])("T1 has its fuzz (jitter %p)", (jitter) => {
    expect(bound(LEASE, jitter).state.wake).toBe(T1 + jitter * (T1 / 64));
  });
});

describe("in a renewal", () => {
  const other = { ...LEASE, address: "10.9.0.51" };

  test.each([
    ["RENEWING", T1],
    ["REBINDING", T2],
  ])("in %s: another address that is granted is probed and takes the place of the old one", (at, when) => {
    const client = bound();
    client.runUntil(when);
    expect(client.state.at).toBe(at as "RENEWING");
    client.happen({ kind: "ack", xid: client.sent.at(-1)!.request.xid, lease: other });
    expect(client.because.at(-1)).toBe("10.9.0.1 grants 10.9.0.51, not 10.9.0.50");
    expect([client.state.at, client.leases.at(-1)]).toEqual(["PROBING", undefined]);
    expect(client.probes.at(-1)).toEqual({ at: when, address: "10.9.0.51" });
    client.runUntil(when + PROBED);
    expect(client.state).toMatchObject({ at: "BOUND", lease: other, since: when });
    expect(client.leases).toEqual(["10.9.0.50", undefined, "10.9.0.51"]);
  });

  test("an answer that cannot be taken is named until the lease ends", () => {
    const client = bound();
    client.runUntil(T1);
    const why = "Cannot use a lease: it lasts 1 s, wanted 4 or more";
    client.happen({ kind: "unusable", xid: client.sent.at(-1)!.request.xid, why });
    expect(client.because.at(-1)).toBe(why);
    expect(statusText(client.state, 0)).toEqual({ text: "10.9.0.50, renewing its lease", hint: why });
    client.runUntil(3_600_000);
    expect(client.because).toContain(`the lease of 10.9.0.50 has ended: ${why}`);
  });
});

describe("a refusal", () => {
  const refuse = (client: ReturnType<typeof bound>, server: string) =>
    client.happen({ kind: "nak", xid: client.sent.at(-1)!.request.xid, server });

  test("ends a lease in RENEWING; DISCOVER follows at once and asks for no address", () => {
    const client = bound();
    client.runUntil(T1);
    refuse(client, "10.9.0.1");
    client.runUntil(T1);
    expect(client.leases.at(-1)).toBeUndefined();
    expect(client.path.slice(-3)).toEqual(["RENEWING", "INIT", "SELECTING"]);
    expect(client.sent.at(-1)).toMatchObject({ at: T1, request: { type: "DISCOVER" } });
    expect(client.sent.at(-1)?.request.requestedAddress).toBeUndefined();
  });

  test("of another server counts in REBINDING, not in RENEWING", () => {
    const client = bound();
    client.runUntil(T1);
    refuse(client, "10.9.0.2");
    expect(client.state.at).toBe("RENEWING");
    client.runUntil(T2);
    refuse(client, "10.9.0.2");
    expect(client.state.at).toBe("INIT");
  });

  test.each(["offer", "ack", "nak"] as const)("or any %s of another exchange changes nothing", (kind) => {
    const client = bound();
    client.runUntil(T1);
    const before = client.state;
    client.happen(kind === "nak" ? { kind, xid: 9, server: LEASE.server } : { kind, xid: 9, lease: LEASE });
    expect(client.state).toBe(before);
  });

  test("means nothing to BOUND", () => {
    const client = bound();
    const before = client.state;
    refuse(client, LEASE.server);
    expect(client.state).toBe(before);
  });
});

describe("the carrier with a lease", () => {
  test.each([
    ["BOUND", 1_000],
    ["RENEWING", T1],
    ["REBINDING", T2],
  ])("goes in %s: the lease is kept, nothing is sent, its end is its end", (at, when) => {
    const client = bound();
    client.runUntil(when);
    expect(client.state.at).toBe(at as "BOUND");
    client.happen({ kind: "carrier", up: false });
    expect(client.state).toMatchObject({ at: "BOUND", carrier: false });
    client.runUntil(END - 1);
    expect(client.leases).toEqual(["10.9.0.50"]);
    client.runUntil(END + 1_000_000);
    expect(client.leases).toEqual(["10.9.0.50", undefined]);
    expect(client.sentAfter(when + 1)).toEqual([]);
    expect(client.state).toMatchObject({ at: "INIT", carrier: false, formerAddress: "10.9.0.50" });
  });

  test("comes back: any server is asked at once, and again at the pace of a first request", () => {
    const client = bound();
    client.runUntil(1_000);
    client.happen({ kind: "carrier", up: false });
    client.runUntil(100_000);
    client.happen({ kind: "carrier", up: true });
    client.runUntil(161_000);
    expect(client.state.at).toBe("REBINDING");
    expect(client.sentAfter(100_000)).toEqual([0, 4, 12, 28, 60]);
    expect(client.sent.at(-1)?.request).toMatchObject({ type: "REQUEST", ciaddr: "10.9.0.50", secs: 60 });
    expect(client.leases).toEqual(["10.9.0.50"]);
    client.runUntil(END);
    expect(client.leases).toEqual(["10.9.0.50", undefined]);
  });

  test("comes back shortly before the end: that stays the end", () => {
    const client = bound();
    client.happen({ kind: "carrier", up: false });
    client.runUntil(END - 10_000);
    client.happen({ kind: "carrier", up: true });
    client.runUntil(END);
    expect(client.sentAfter(END - 10_000)).toEqual([0, 4, 10]);
    expect(client.leases).toEqual(["10.9.0.50", undefined]);
  });

  test("an event that says that it is there, as it was, changes nothing", () => {
    const client = bound();
    const before = client.state;
    client.happen({ kind: "carrier", up: true });
    expect(client.state).toBe(before);
  });

  test("comes back with a lease for ever: it is verified all the same", () => {
    const client = bound(leaseOf(Infinity));
    client.happen({ kind: "carrier", up: false });
    client.runUntil(1_000);
    client.happen({ kind: "carrier", up: true });
    client.runUntil(301_000);
    expect(client.sentAfter(1_000).length).toBe(8);
    client.server = granting(leaseOf(Infinity));
    client.runUntil(400_000);
    expect(client.state).toMatchObject({ at: "BOUND", wake: Infinity });
  });

  test("comes back in another network, whose server refuses: a new start", () => {
    const client = bound();
    client.happen({ kind: "carrier", up: false });
    client.server = ({ type, xid }) =>
      type === "DISCOVER"
        ? { kind: "offer", xid, lease: { ...LEASE, address: "10.8.0.7", server: "10.8.0.1" } }
        : { kind: "nak", xid, server: "10.8.0.1" };
    client.happen({ kind: "carrier", up: true });
    expect(client.state.at).toBe("INIT");
    expect(client.leases).toEqual(["10.9.0.50", undefined]);
  });
});

describe("a lease that is given back", () => {
  test.each([
    ["BOUND", 1_000],
    ["RENEWING", T1],
    ["REBINDING", T2],
  ])("in %s: RELEASE goes to its server alone, from its address, and nothing ever after", (at, when) => {
    const client = bound();
    client.runUntil(when);
    expect(client.state.at).toBe(at as "BOUND");
    client.happen({ kind: "release" });
    const { xid, ...request } = client.sent.at(-1)!.request;
    expect(request).toEqual({
      ...{ type: "RELEASE", secs: 0, broadcast: false, ciaddr: "10.9.0.50" },
      ...{ server: "10.9.0.1", to: "10.9.0.1" },
    });
    expect(client.state).toMatchObject({ at: "INIT", wake: Infinity });
    expect(client.leases).toEqual(["10.9.0.50"]);
  });

  test("without a carrier, or before there was one: nothing is sent", () => {
    const unplugged = bound();
    unplugged.happen({ kind: "carrier", up: false });
    const begun = new Simulation();
    for (const client of [unplugged, begun]) {
      const sent = client.sent.length;
      client.happen({ kind: "release" });
      client.runUntil(1_000_000);
      expect(client.sent.length).toBe(sent);
    }
  });

  test("in PROBING: nothing is sent, for the address is not on the interface yet", () => {
    const client = new Simulation();
    client.server = granting();
    client.runUntil(0);
    expect(client.state.at).toBe("PROBING");
    client.happen({ kind: "release" });
    client.runUntil(1_000_000);
    expect(client.sent.map(({ request }) => request.type)).toEqual(["DISCOVER", "REQUEST"]);
    expect(client.leases).toEqual([]);
  });
});
