import { expect, test } from "bun:test";
import { parseRoute } from "../../../../probes/network-options/route.ts";

test.each<[string, ReturnType<typeof parseRoute>]>([
  [
    "192.168.200.0/24:192.168.100.222:ens10",
    { family: 4, destination: "192.168.200.0", prefix: 24, gateway: "192.168.100.222", device: "ens10" },
  ],
  [
    "192.168.200.0/24:192.168.100.222",
    { family: 4, destination: "192.168.200.0", prefix: 24, gateway: "192.168.100.222" },
  ],
  ["192.168.200.0/24::ens10", { family: 4, destination: "192.168.200.0", prefix: 24, device: "ens10" }],
  [
    "192.168.200.7/255.255.255.0::ens10",
    { family: 4, destination: "192.168.200.0", prefix: 24, device: "ens10" },
  ],
  ["192.0.2.53::bond0", { family: 4, destination: "192.0.2.53", prefix: 32, device: "bond0" }],
  ["[2001:db8::53]::bond0", { family: 6, destination: "2001:db8::53", prefix: 128, device: "bond0" }],
  ["0.0.0.0/0:10.0.0.1", { family: 4, destination: "0.0.0.0", prefix: 0, gateway: "10.0.0.1" }],
  ["10.1.2.3/32:10.0.0.1", { family: 4, destination: "10.1.2.3", prefix: 32, gateway: "10.0.0.1" }],
  [
    "[2001:DB8:3::/48]:[2001:DB8:2::1]:ens10",
    { family: 6, destination: "2001:db8:3::", prefix: 48, gateway: "2001:db8:2::1", device: "ens10" },
  ],
  ["[::]/0:[2001:db8::1]", { family: 6, destination: "::", prefix: 0, gateway: "2001:db8::1" }],
])("parseRoute() reads %s", (value, route) => {
  expect(parseRoute(value)).toEqual(route);
});

test.each([
  ["10.0.0.0/24", "the gateway is empty, and an address or an interface was wanted"],
  ["10.0.0/24:10.0.0.1", "the network is 10.0.0, and four numbers up to 255 were wanted"],
  ["10.0.0.0/40:10.0.0.1", "the mask is 40, and one like 255.255.255.0, or 1 to 32, was wanted"],
  ["10.0.0.0/24:gateway", "the gateway is gateway, and four numbers up to 255 were wanted"],
  ["10.0.0.0/24:[2001:db8::1]", "the gateway is [2001:db8::1], and an IPv4 address was wanted"],
])("parseRoute() refuses %s", (value, message) => {
  expect(() => parseRoute(value)).toThrow(new RangeError(message));
});
