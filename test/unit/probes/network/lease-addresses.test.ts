import { describe, expect, test } from "bun:test";
import type { Lease } from "../../../../probes/dhcp/lease.ts";
import { applyLease, moveLease, withdrawLease } from "../../../../probes/network/lease-addresses.ts";
import { FakeLog, FakeNetwork, LINK } from "../dhcp/fake-network.ts";
import { LEASE } from "../dhcp/simulation.ts";

const ROUTED: Lease = {
  ...LEASE,
  broadcast: "10.9.0.255",
  routes: [
    { destination: "0.0.0.0", prefix: 0, gateway: "10.9.0.1" },
    { destination: "10.8.0.0", prefix: 16 },
  ],
};

function apply(lease: Lease, previous?: Lease): string[] {
  const network = new FakeNetwork();
  applyLease(network, LINK, lease, { metric: 100, log: new FakeLog(), ...(previous && { previous }) });
  return network.calls;
}

describe("applyLease()", () => {
  test("sets address and routes, those on the link first", () => {
    expect(apply(ROUTED)).toEqual([
      "add address 10.9.0.50/24 10.9.0.255 for 3600 metric 100",
      "add route 10.8.0.0/16 via link from 10.9.0.50 metric 100",
      "add route 0.0.0.0/0 via 10.9.0.1 from 10.9.0.50 metric 100",
    ]);
  });

  test("sets an address without end where the lease has none", () => {
    expect(apply({ ...LEASE, seconds: Infinity })).toEqual([
      "add address 10.9.0.50/24 - for ever metric 100",
    ]);
  });

  test("sets a route to a gateway outside the network", () => {
    const routes = [{ destination: "0.0.0.0", prefix: 0, gateway: "10.0.0.1" }];
    expect(apply({ ...LEASE, prefix: 32, routes }).slice(1)).toEqual([
      "add route 10.0.0.1/32 via link from 10.9.0.50 metric 100",
      "add route 0.0.0.0/0 via 10.0.0.1 from 10.9.0.50 metric 100",
    ]);
  });

  test("sets none to a gateway that a route on the link covers", () => {
    const routes = [
      { destination: "0.0.0.0", prefix: 0, gateway: "10.8.0.1" },
      { destination: "10.8.0.0", prefix: 16 },
    ];
    expect(apply({ ...LEASE, routes }).length).toBe(3);
  });

  test("sets each destination once", () => {
    const route = { destination: "10.8.0.0", prefix: 16, gateway: "10.9.0.2" };
    expect(apply({ ...LEASE, routes: [route, { ...route, gateway: "10.9.0.3" }] }).length).toBe(2);
  });

  test("renews the lifetimes in place and removes nothing", () => {
    const calls = apply(ROUTED, ROUTED);
    expect(calls).toEqual(apply(ROUTED));
  });

  test("removes routes that the new lease has not", () => {
    expect(apply(LEASE, ROUTED)).toEqual([
      "add address 10.9.0.50/24 - for 3600 metric 100",
      "remove route 10.8.0.0/16 via link",
      "remove route 0.0.0.0/0 via 10.9.0.1",
    ]);
  });

  test("removes the old address before the new one comes", () => {
    expect(apply(LEASE, { ...LEASE, address: "10.9.0.51" })).toEqual([
      "remove address 10.9.0.51/24",
      "add address 10.9.0.50/24 - for 3600 metric 100",
    ]);
  });

  test("sets an MTU when it changes, and the usual one when there is none any more", () => {
    const small = { ...LEASE, mtu: 1_400 };
    expect(apply(small)).toContain("set mtu 1400 on 2");
    expect(apply(small, small).some((call) => call.includes("mtu"))).toBe(false);
    expect(apply(LEASE, small)).toContain("set mtu 1500 on 2");
    expect(apply(LEASE, LEASE).some((call) => call.includes("mtu"))).toBe(false);
  });

  test("throws where the address cannot be set", () => {
    const network = new FakeNetwork();
    network.failing = { call: "add address", errno: "ENODEV" };
    expect(() => applyLease(network, LINK, LEASE, { metric: 0, log: new FakeLog() })).toThrow("ENODEV");
  });

  test("logs what else fails, and goes on", () => {
    const network = new FakeNetwork();
    const log = new FakeLog();
    network.failing = { call: "set mtu", errno: "EINVAL" };
    applyLease(network, LINK, { ...ROUTED, mtu: 9_000 }, { metric: 0, log });
    expect(network.calls.length).toBe(3);
    expect(log.lines).toEqual(["warn: dhcp eth0: Cannot set mtu 9000 on 2: EINVAL, ignoring"]);
  });
});

describe("withdrawLease()", () => {
  test("takes off what was set, in reverse", () => {
    const network = new FakeNetwork();
    withdrawLease(network, LINK, { ...ROUTED, mtu: 1_400 }, { metric: 100, log: new FakeLog() });
    expect(network.calls).toEqual([
      "remove route 0.0.0.0/0 via 10.9.0.1",
      "remove route 10.8.0.0/16 via link",
      "remove address 10.9.0.50/24",
      "set mtu 1500 on 2",
    ]);
  });

  test.each([
    ["EADDRNOTAVAIL", 0],
    ["EPERM", 1],
  ])("an address that is gone (%s) gives %p warnings", (errno, warnings) => {
    const network = new FakeNetwork();
    const log = new FakeLog();
    network.failing = { call: "remove address", errno };
    withdrawLease(network, LINK, LEASE, { metric: 100, log });
    expect(log.lines.length).toBe(warnings);
  });
});

describe("moveLease()", () => {
  test("gives address and routes the new metric before the old ones go, for what is left of the lease", () => {
    const network = new FakeNetwork();
    moveLease(network, LINK, ROUTED, { from: 202, to: 100, age: 600, log: new FakeLog() });
    expect(network.calls).toEqual([
      "add address 10.9.0.50/24 10.9.0.255 for 3000 metric 100",
      "add route 10.8.0.0/16 via link from 10.9.0.50 metric 100",
      "add route 0.0.0.0/0 via 10.9.0.1 from 10.9.0.50 metric 100",
      "remove route 0.0.0.0/0 via 10.9.0.1",
      "remove route 10.8.0.0/16 via link",
    ]);
  });
});
