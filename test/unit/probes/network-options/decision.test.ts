import { describe, expect, test } from "bun:test";
import { type Decision, decide, hasHomeless } from "../../../../probes/network-options/decision.ts";
import { readNetworkOptions } from "../../../../probes/network-options/options.ts";
import { splitParameters } from "../../../../system/kernel-parameters.ts";

type Kind = Decision["kind"];

const decideFor = (words: string, name: string, isHome = false) =>
  decide(readNetworkOptions(splitParameters(words)), { isNamed: (device) => device === name, isHome });

describe("decide()", () => {
  test.each<[string, Kind, Kind]>([
    // words, eth0, eth1
    ["", "dhcp", "dhcp"],
    ["ip=dhcp", "dhcp", "dhcp"],
    ["ip=off", "off", "off"],
    ["ip=auto6", "ipv6", "ipv6"],
    ["ip=off ip=dhcp", "dhcp", "dhcp"],
    ["ip=eth1:off", "dhcp", "off"],
    ["ip=eth0:dhcp", "dhcp", "off"],
    ["ip=eth0:dhcp ip=eth1:dhcp", "dhcp", "dhcp"],
    ["ip=eth0:auto6", "ipv6", "off"],
    ["ip=10.0.0.5:::24::eth0:none", "static", "off"],
    ["ip=10.0.0.5:::24::eth0:none ip=dhcp", "static", "dhcp"],
    ["ip=10.0.0.5:::24::eth0:none ip=eth1:dhcp", "static", "dhcp"],
    ["ip=10.0.0.5:::24::eth0:none ip=eth0:dhcp", "dhcp", "off"],
    ["ip=eth0:dhcp ip=eth0:off", "off", "off"],
    ["ip=10.0.0.300:::24::eth0:none", "dhcp", "off"],
    ["ip=10.0.0.300:::24", "dhcp", "dhcp"],
    ["ip=[2001:db8::5]:::64::eth0:none", "ipv6", "off"],
    ["ip=[2001:db8::5]:::64::eth0:none ip=eth0:dhcp", "dhcp", "off"],
  ])("%p: eth0 %s, eth1 %s", (words, eth0, eth1) => {
    expect([decideFor(words, "eth0").kind, decideFor(words, "eth1").kind]).toEqual([eth0, eth1]);
  });

  test("puts an address that names no interface where its home is", () => {
    const words = "ip=10.0.0.5:::24";
    expect(decideFor(words, "eth0", true)).toMatchObject({ kind: "static", v4: { address: "10.0.0.5" } });
    expect(decideFor(words, "eth1", false).kind).toBe("off");
  });

  test("keeps IPv4 and IPv6 of one interface side by side", () => {
    const words =
      "ip=10.0.0.5:::24::eth0:none ip=[2001:db8::5]:::64::eth0:none ip=[2001:db8::6]:::64::eth0:none";
    const { kind, v6 } = decideFor(words, "eth0");
    expect([kind, v6.map(({ address }) => address)]).toEqual(["static", ["2001:db8::5", "2001:db8::6"]]);
  });

  test("gathers the details, what is said of one interface before what is said of all", () => {
    const words =
      "ip=:::::eth0:dhcp:10.0.0.2:10.0.0.3:10.0.0.4 ip=eth0:dhcp:1400:52:54:00:aa:bb:cc ip=dhcp,1,abc";
    expect(decideFor(words, "eth0")).toEqual({
      ...{ kind: "dhcp", v6: [], dns: ["10.0.0.2", "10.0.0.3"], ntp: ["10.0.0.4"] },
      ...{ mtu: 1_400, mac: "52:54:00:aa:bb:cc", clientId: { type: 1, value: "abc" } },
    });
    expect(decideFor(words, "eth1").mtu).toBeUndefined();
  });
});

test.each([
  ["", false],
  ["ip=dhcp", false],
  ["ip=10.0.0.5:::24::eth0:none", false],
  ["ip=10.0.0.5:::24", true],
  ["ip=[2001:db8::5]", true],
])("hasHomeless() of %p: %p", (words, wanted) => {
  expect(hasHomeless(readNetworkOptions(splitParameters(words)))).toBe(wanted);
});
