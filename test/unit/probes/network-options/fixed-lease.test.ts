import { expect, test } from "bun:test";
import { decide } from "../../../../probes/network-options/decision.ts";
import { amendLease, fixedLease } from "../../../../probes/network-options/fixed-lease.ts";
import { readNetworkOptions } from "../../../../probes/network-options/options.ts";
import { splitParameters } from "../../../../system/kernel-parameters.ts";
import { LEASE } from "../../../fixtures/lease.ts";

function wishes(words: string) {
  const options = readNetworkOptions(splitParameters(words));
  const isNamed = (device: string) => device === "eth0";
  return { ...options, decision: decide(options, { isNamed, isHome: false }), isNamed };
}

function fixed(words: string) {
  const wanted = wishes(words);
  return fixedLease(wanted.decision.v4!, wanted);
}

const DEFAULT = { destination: "0.0.0.0", prefix: 0, gateway: "10.0.0.1" };

test("fixedLease() is a lease for ever that nobody granted", () => {
  expect(fixed("ip=10.0.0.5::10.0.0.1:255.255.0.0:pc5:eth0:none:10.0.0.2:10.0.0.3:10.0.0.4")).toEqual({
    ...{ address: "10.0.0.5", prefix: 16, broadcast: "10.0.255.255", server: "", routes: [DEFAULT] },
    ...{ dns: ["10.0.0.2", "10.0.0.3"], ntp: ["10.0.0.4"] },
    ...{ seconds: Infinity, renewAfter: Infinity, rebindAfter: Infinity },
  });
});

test.each([
  ["without a gateway", "ip=10.0.0.5:::24::eth0", []],
  ["to a peer", "ip=10.0.0.5:10.9.9.1/32::32::eth0", [{ destination: "10.9.9.1", prefix: 32 }]],
  [
    "through a gateway near it",
    "ip=10.0.0.5:::24::eth0 rd.route=10.2.0.0/16:10.0.0.9",
    [{ destination: "10.2.0.0", prefix: 16, gateway: "10.0.0.9" }],
  ],
  ["not through one elsewhere", "ip=10.0.0.5:::24::eth0 rd.route=10.2.0.0/16:10.7.0.9", []],
  [
    "through one elsewhere if told so",
    "ip=10.0.0.5:::24::eth0 rd.route=10.2.0.0/16:10.7.0.9:eth0",
    [{ destination: "10.2.0.0", prefix: 16, gateway: "10.7.0.9" }],
  ],
  ["not for another interface", "ip=10.0.0.5:::24::eth0 rd.route=10.2.0.0/16:10.0.0.9:eth1", []],
  [
    "on the link",
    "ip=10.0.0.5:::24::eth0 rd.route=10.2.0.0/16::eth0",
    [{ destination: "10.2.0.0", prefix: 16 }],
  ],
  ["none of IPv6", "ip=10.0.0.5:::24::eth0 rd.route=[2001:db8::]/32:[2001:db8::1]:eth0", []],
  ["the last default one", "ip=10.0.0.5::10.0.0.9:24::eth0 rd.route=0.0.0.0/0:10.0.0.1", [DEFAULT]],
])("a fixed lease has routes: %s", (_, words, routes) => {
  expect(fixed(words).routes).toEqual(routes);
});

test("a network of two has no broadcast address", () => {
  expect(fixed("ip=10.0.0.5:::31::eth0")).not.toContainKey("broadcast");
});

test.each<[string, object]>([
  ["", {}],
  ["ip=eth0:dhcp:1400", { mtu: 1_400 }],
  ["ip=:::::eth0:dhcp:10.7.7.7", { dns: ["10.7.7.7", "10.0.2.3"] }],
  ["rd.peerdns=0", { dns: [] }],
  ["rd.peerdns=0 ip=:::::eth0:dhcp:10.7.7.7", { dns: ["10.7.7.7"] }],
  ["ip=:::::eth0:dhcp:::10.7.7.7", { ntp: ["10.7.7.7"] }],
])("amendLease() by %p", (words, change) => {
  expect(amendLease(LEASE, wishes(words))).toEqual({ ...LEASE, ...change });
});

test("amendLease() adds routes", () => {
  const { routes } = amendLease(LEASE, wishes("rd.route=10.8.0.0/16:10.0.2.9"));
  expect(routes).toEqual([...LEASE.routes, { destination: "10.8.0.0", prefix: 16, gateway: "10.0.2.9" }]);
});
