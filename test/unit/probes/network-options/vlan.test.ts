import { expect, test } from "bun:test";
import { parseVlan } from "../../../../probes/network-options/vlan.ts";

test.each([
  ["vlan0005:eth0", { name: "vlan0005", id: 5, parent: "eth0" }],
  ["vlan5:eth0", { name: "vlan5", id: 5, parent: "eth0" }],
  ["eth0.0005:eth0", { name: "eth0.0005", id: 5, parent: "eth0" }],
  ["eth0.5:eth0", { name: "eth0.5", id: 5, parent: "eth0" }],
  ["eth0.5", { name: "eth0.5", id: 5, parent: "eth0" }],
  ["storage100:eth0", { name: "storage100", id: 100, parent: "eth0" }],
  ["5:eth0", { name: "5", id: 5, parent: "eth0" }],
  ["lan.4094:bond0", { name: "lan.4094", id: 4_094, parent: "bond0" }],
  ["vlan5:52:54:00:AA:BB:CC", { name: "vlan5", id: 5, parent: "52:54:00:aa:bb:cc" }],
])("parseVlan() reads %s", (value, vlan) => {
  expect(parseVlan(value)).toEqual(vlan);
});

test.each([
  ["", "the name of the VLAN is empty, and a name of up to 15 characters was wanted"],
  [
    "five:eth0",
    "the name of the VLAN is five, and one that ends in its number, like vlan5 or eth0.5, was wanted",
  ],
  ["eth5:eth5", "the parent is eth5, and another interface than the VLAN itself was wanted"],
  ["vlan0:eth0", "the number of the VLAN is 0, and 1 to 4094 was wanted"],
  ["vlan4095:eth0", "the number of the VLAN is 4095, and 1 to 4094 was wanted"],
  ["vlan5", "the interface is empty, and a name of up to 15 characters was wanted"],
])("parseVlan() refuses %p", (value, message) => {
  expect(() => parseVlan(value)).toThrow(new RangeError(message));
});
