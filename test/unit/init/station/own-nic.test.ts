import { describe, expect, test } from "bun:test";
import { findOwnNic } from "../../../../init/station/own-nic.ts";

const entry = (address: string, mac: string, netmask = "255.255.255.0") => ({
  ...{ address, netmask, mac, family: "IPv4" as const, internal: false, cidr: null },
});
const INTERFACES = {
  lo: [{ ...entry("127.0.0.1", "00:00:00:00:00:00", "255.0.0.0"), internal: true }],
  eth0: [entry("192.168.1.77", "52:54:00:00:00:01")],
  eth1: [entry("10.0.0.5", "52:54:00:00:00:02", "255.255.0.0")],
};
const HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
const route = (name: string, destination: string, metric: number) =>
  `${name}\t${destination}\t0101A8C0\t0003\t0\t0\t${metric}\t00000000\t0\t0\t0\n`;

describe("the NIC that makes a workstation a node", () => {
  test("is that of the default route with the least metric", () => {
    const routes = `${HEAD}${route("eth1", "00000000", 600)}${route("eth0", "00000000", 100)}`;
    expect(findOwnNic(INTERFACES, routes)).toEqual({
      ...{ name: "eth0", address: "192.168.1.77", prefix: 24, mac: "52:54:00:00:00:01" },
    });
  });

  test.each(["eth1", "52:54:00:00:00:02"])("is %s where clump.nic= says so", (wanted) => {
    const found = findOwnNic(INTERFACES, HEAD + route("eth0", "00000000", 0), wanted);
    expect(found).toMatchObject({ name: "eth1", address: "10.0.0.5", prefix: 16 });
  });

  test("is none without a default route", () => {
    expect(() => findOwnNic(INTERFACES, HEAD + route("eth0", "0001A8C0", 0))).toThrow(
      "there is no default route, and clump.nic=NAME in /etc/clump.conf was wanted",
    );
  });

  test.each(["lo", "eth7"])("is not %s, which has no address for others", (wanted) => {
    expect(() => findOwnNic(INTERFACES, HEAD, wanted)).toThrow(
      `${wanted} has no IPv4 address, and one was wanted: eth0, eth1`,
    );
  });
});
