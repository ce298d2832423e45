import { expect, test } from "bun:test";
import { type BridgeRequest, parseBridge } from "../../../../probes/network-options/bridge.ts";

test.each<[string, BridgeRequest]>([
  ["", { name: "br0", members: ["eth0"] }],
  ["br1", { name: "br1", members: ["eth0"] }],
  [":eth1", { name: "br0", members: ["eth1"] }],
  ["lan:ens3,vlan5,bond0", { name: "lan", members: ["ens3", "vlan5", "bond0"] }],
  ["br0:52-54-00-12-34-56,0000:00:03.0", { name: "br0", members: ["52:54:00:12:34:56", "0000:00:03.0"] }],
])("parseBridge() reads %j", (value, expected) => {
  expect(parseBridge(value)).toEqual({ request: expected, complaints: [] });
});

test.each([
  [
    "a-name-that-is-long:eth0",
    "the name of the bridge is a-name-that-is-long, and a name of up to 15 characters was",
  ],
  ["br0:,", "the interface is empty, and a name of up to 15 characters was"],
  ["br0:br0", "a port is br0, and another interface than the bridge itself was"],
])("parseBridge() refuses %j", (value, complaint) => {
  expect(() => parseBridge(value)).toThrow(new RangeError(`${complaint} wanted`));
});

test("parseBridge() does without a port that cannot be read", () => {
  expect(parseBridge("br0:eth0,,br0,eth1")).toEqual({
    request: { name: "br0", members: ["eth0", "eth1"] },
    complaints: [
      "the interface is empty, and a name of up to 15 characters was wanted, ignoring that",
      "a port is br0, and another interface than the bridge itself was wanted, ignoring that",
    ],
  });
});
