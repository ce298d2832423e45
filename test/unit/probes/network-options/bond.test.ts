import { expect, test } from "bun:test";
import { parseBond } from "../../../../probes/network-options/bond.ts";

const RR = ["mode", "balance-rr"];
const CHECK = ["miimon", "100"];

test.each<[string, object]>([
  ["", { name: "bond0", members: ["eth0", "eth1"], options: [RR, CHECK] }],
  ["bond1", { name: "bond1", members: ["eth0", "eth1"], options: [RR, CHECK] }],
  ["bond0:ens3,ens4", { name: "bond0", members: ["ens3", "ens4"], options: [RR, CHECK] }],
  [
    "bond0:all:mode=active-backup",
    { name: "bond0", members: "all", options: [["mode", "active-backup"], CHECK] },
  ],
  ["bond0:all:mode=1", { name: "bond0", members: "all", options: [["mode", "active-backup"], CHECK] }],
  [
    "bond0:all:mode=4,lacp_rate=1",
    { name: "bond0", members: "all", options: [["mode", "802.3ad"], CHECK, ["lacp_rate", "1"]] },
  ],
  [
    "bond0:eth0,eth1:primary=eth1,miimon=50,updelay=200,mode=1:9000",
    {
      ...{ name: "bond0", members: ["eth0", "eth1"], mtu: 9_000 },
      options: [
        ["mode", "active-backup"],
        ["miimon", "50"],
        ["primary", "eth1"],
        ["updelay", "200"],
      ],
    },
  ],
  [
    "bond0:eth0:mode=1,arp_interval=100,arp_ip_target=10.0.0.1;10.0.0.2",
    {
      ...{ name: "bond0", members: ["eth0"] },
      options: [
        ["mode", "active-backup"],
        ["arp_interval", "100"],
        ["arp_ip_target", "10.0.0.1;10.0.0.2"],
      ],
    },
  ],
  [
    "bond0:eth0,eth1::mode=1",
    { name: "bond0", members: ["eth0", "eth1"], options: [["mode", "active-backup"], CHECK] },
  ],
  [
    "bond0:52:54:00:AA:BB:CC,52:54:00:aa:bb:cd:mode=1",
    {
      name: "bond0",
      members: ["52:54:00:aa:bb:cc", "52:54:00:aa:bb:cd"],
      options: [["mode", "active-backup"], CHECK],
    },
  ],
])("parseBond() reads %p", (value, bond) => {
  expect(parseBond(value)).toEqual(bond as ReturnType<typeof parseBond>);
});

test.each([
  [
    "a-bond-of-too-many",
    "the name of the bond is a-bond-of-too-many, and a name of up to 15 characters was wanted",
  ],
  ["bond0:eth0,:mode=1", "the interface is empty, and a name of up to 15 characters was wanted"],
  ["bond0:eth0:fast", "an option is fast, and a name, = and a value were wanted"],
  ["bond0:eth0:../x=1", "an option is ../x=1, and a name, = and a value were wanted"],
  ["bond0:eth0:mode=1:big", "the MTU is big, and 68 to 65535 was wanted"],
])("parseBond() refuses %s", (value, message) => {
  expect(() => parseBond(value)).toThrow(new RangeError(message));
});
