import { expect, test } from "bun:test";
import { type BondRequest, parseBond } from "../../../../probes/network-options/bond.ts";

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
    "bond0:eth0:mode=1,arp_interval=100,ns_ip6_target=[fc08::1];[fc08::2]",
    {
      ...{ name: "bond0", members: ["eth0"], neighborTargets: ["fc08::1", "fc08::2"] },
      options: [
        ["mode", "active-backup"],
        ["arp_interval", "100"],
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
  expect(parseBond(value)).toEqual({ request: bond as BondRequest, complaints: [] });
});

test.each([
  [
    "a-bond-of-too-many",
    "the name of the bond is a-bond-of-too-many, and a name of up to 15 characters was wanted",
  ],
  ["bond0:,:mode=1", "the interface is empty, and a name of up to 15 characters was wanted"],
])("parseBond() refuses %s", (value, message) => {
  expect(() => parseBond(value)).toThrow(new RangeError(message));
});

test.each([
  [
    "bond0:eth0,:mode=1",
    { members: ["eth0"] },
    "the interface is empty, and a name of up to 15 characters was wanted",
  ],
  [
    "bond0:eth0:mode=802.3ad,foo",
    { options: [["mode", "802.3ad"], CHECK] },
    "an option is foo, and a name, = and a value were wanted",
  ],
  [
    "bond0:eth0:../x=1,lacp_rate=1",
    { options: [RR, CHECK, ["lacp_rate", "1"]] },
    "an option is ../x=1, and a name, = and a value were wanted",
  ],
  [
    "bond0:eth0:ns_ip6_target=[fc08::1];10.0.0.1",
    { options: [RR, CHECK], neighborTargets: ["fc08::1"] },
    "the target is 10.0.0.1, and an IPv6 address like [2001:db8::7] was wanted",
  ],
  ["bond0:eth0:mode=1:big", { members: ["eth0"] }, "the MTU is big, and 68 to 65535 was wanted"],
])("parseBond() of %p does without what cannot be read", (value, wanted, complaint) => {
  const { request, complaints } = parseBond(value);
  expect(request).toMatchObject({ name: "bond0", ...wanted } as Partial<BondRequest>);
  expect(request).not.toContainKey("mtu");
  expect(complaints).toEqual([`${complaint}, ignoring that`]);
});
