import { describe, expect, test } from "bun:test";
import { ETH0 } from "../../../fixtures/lease.ts";
import { ETH1, layOut as layOutAt, prepareMachines } from "./lay-out.ts";

const root = prepareMachines();

const layOut = (words: string, options?: Parameters<typeof layOutAt>[2]) =>
  layOutAt(root().path, words, options);

describe("createLayout()", () => {
  test("asks nothing of the machine where nothing was asked for", async () => {
    const { kinds, calls, commands, plan } = await layOut("");
    expect([kinds(), calls(), commands]).toEqual([["dhcp", "dhcp"], [], []]);
    expect(plan.forLink({ ...ETH0, index: 8, name: "br0" }).kind).toBe("none");
  });

  test.each([
    ["by name", "ip=10.0.0.5:::24::eth1:none"],
    ["by MAC", "ip=10.0.0.5:::24::52-54-00-12-34-57:none"],
    ["by place", "ip=10.0.0.5:::24::0000:00:04.0:none"],
    ["by the name udev would give", "ip=10.0.0.5:::24::enp0s4:none"],
  ])("gives a fixed address to an interface %s, and leaves others alone", async (_, words) => {
    const { plan, text } = await layOut(words);
    expect(plan.forLink(ETH1)).toMatchObject({ kind: "static", lease: { address: "10.0.0.5", server: "" } });
    expect(text(ETH0)).toBe("left alone, as ip= asks");
    expect(plan.forLink(ETH0)).toMatchObject({ idle: "for now" });
  });

  test("leaves one alone for good that is off", async () => {
    const { plan } = await layOut("ip=eth0:off");
    expect(plan.forLink(ETH0)).toMatchObject({ kind: "idle", idle: "for good" });
  });

  test("leads IPv6 beside IPv4, with its routes", async () => {
    const words =
      "ip=eth0:dhcp ip=[2001:db8::5]::[2001:db8::1]:64::eth0:none rd.route=[2001:db8:9::]/48:[2001:db8::9]";
    const { plan } = await layOut(words);
    expect(plan.forLink(ETH0)).toMatchObject({
      kind: "dhcp",
      ipv6: {
        addresses: [{ address: "2001:db8::5", prefix: 64 }],
        routes: [
          { destination: "::", prefix: 0, gateway: "2001:db8::1" },
          { destination: "2001:db8:9::", prefix: 48, gateway: "2001:db8::9" },
        ],
      },
    });
  });
});

test.each<[string, object]>([
  ["ip=10.0.0.5:::::eth0:dhcp", { wanted: "10.0.0.5" }],
  ["ip=dhcp,0,rack7", { clientId: Uint8Array.of(0, ...Buffer.from("rack7")) }],
])("DHCP is told of %s", async (words, wanted) => {
  const { plan } = await layOut(words);
  expect(plan.forLink(ETH0)).toMatchObject({ kind: "dhcp", ...wanted });
});

describe("before an interface is configured", () => {
  test("it gets its name", async () => {
    const bench = await layOut("ifname=up:52:54:00:12:34:56 ip=up:dhcp");
    expect(bench.text(ETH0)).toBe("getting another name");
    expect(bench.calls()).toEqual(["set link 2 down", "set link 2 name up"]);
    root().write({ "/sys/class/net/up/device": "-> ../../../devices/pci0000:00/0000:00:03.0" });
    bench.kernel.network.current = [{ ...ETH0, name: "up" }, ETH1];
    expect(bench.plan.forLink({ ...ETH0, name: "up" }).kind).toBe("dhcp");
    expect(bench.text(ETH1)).toBe("left alone, as ip= asks");
  });

  test("it gets its MAC, and answers to the former one", async () => {
    const bench = await layOut("ip=52-54-00-12-34-56:dhcp::52:54:00:aa:bb:cc");
    expect(bench.text(ETH0)).toBe("getting another MAC");
    expect(bench.calls()).toEqual(["set link 2 address 525400aabbcc"]);
    const after = { ...ETH0, address: Uint8Array.fromHex("525400aabbcc") };
    expect(bench.plan.forLink(after).kind).toBe("dhcp");
  });

  test("it keeps the name of its former MAC", async () => {
    const bench = await layOut("ifname=lan:52:54:00:12:34:56 ip=lan:dhcp::52:54:00:aa:bb:cc");
    root().write({ "/sys/class/net/lan/device": "-> ../../../devices/pci0000:00/0000:00:03.0" });
    bench.text(ETH0);
    bench.kernel.network.current = [{ ...ETH0, name: "lan" }, ETH1];
    expect(bench.text({ ...ETH0, name: "lan" })).toBe("getting another MAC");
    const after = { ...ETH0, name: "lan", address: Uint8Array.fromHex("525400aabbcc") };
    expect(bench.text(after)).toBe("dhcp");
  });

  test("it gets its MTU", async () => {
    const bench = await layOut("ip=eth0:dhcp:1400");
    expect(bench.plan.forLink(ETH0).kind).toBe("dhcp");
    expect(bench.calls()).toEqual(["set link 2 mtu 1400"]);
  });

  test.each([
    ["ifname=up:52:54:00:12:34:56", "set link 2 name", "call eth0 up"],
    ["ip=eth0:dhcp::52:54:00:aa:bb:cc", "set link 2 address", "give eth0 the MAC 52:54:00:aa:bb:cc"],
    ["ip=eth0:dhcp:9000", "set link 2 mtu", "give eth0 an MTU of 9000"],
    ["vlan=vlan5:eth0", "make vlan", "make vlan5 on eth0"],
  ])("what of %s the kernel refuses is said, and it goes on", async (words, call, what) => {
    const bench = await layOut(words);
    bench.kernel.failures.push({ call, message: "EINVAL" });
    expect([bench.plan.forLink(ETH0).kind, bench.plan.forLink(ETH0).kind]).toEqual(["dhcp", "dhcp"]);
    expect(bench.plan.problems?.()).toEqual([`Cannot ${what}: EINVAL`]);
    expect(bench.log).toEqual([`warn: Cannot ${what}: EINVAL, ignoring`]);
  });
});

describe("a VLAN", () => {
  test("is made once on its parent, which only carries it", async () => {
    const bench = await layOut("vlan=vlan5:eth0 vlan=eth0.6:eth0 ip=vlan5:dhcp ip=eth0.6:off");
    expect(bench.commands).toEqual(["/usr/sbin/modprobe 8021q"]);
    expect(bench.plan.forLink(ETH0)).toMatchObject({
      kind: "idle",
      text: "carrying vlan5, eth0.6",
      up: true,
    });
    bench.plan.forLink(ETH0);
    expect(bench.calls()).toEqual(["make vlan vlan5 id 5 on 2", "make vlan eth0.6 id 6 on 2"]);
    const vlan5 = { ...ETH0, index: 10, name: "vlan5" };
    expect(bench.plan.forLink(vlan5).kind).toBe("dhcp");
    expect(bench.text({ ...vlan5, index: 11, name: "eth0.6" })).toBe("left alone, as ip= asks");
  });

  test("is not meant by the MAC that it shares", async () => {
    const bench = await layOut("vlan=vlan5:eth0 ip=52-54-00-12-34-56:dhcp");
    expect(bench.plan.forLink(ETH0).kind).toBe("dhcp");
    expect(bench.text({ ...ETH0, index: 10, name: "vlan5" })).toBe("left alone, as ip= asks");
  });

  test("is made again where its parent comes again", async () => {
    const bench = await layOut("vlan=vlan5:eth0");
    for (const index of [2, 12]) bench.plan.forLink({ ...ETH0, index });
    expect(bench.calls()).toEqual(["make vlan vlan5 id 5 on 2", "make vlan vlan5 id 5 on 12"]);
  });
});
