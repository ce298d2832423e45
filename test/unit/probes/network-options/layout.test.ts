import { describe, expect, test } from "bun:test";
import { ETH0 } from "../../../fixtures/lease.ts";
import { ETH1, layOut as layOutAt, prepareMachines } from "./lay-out.ts";

const root = prepareMachines();

const layOut = (words: string, options?: Parameters<typeof layOutAt>[2]) =>
  layOutAt(root().path, words, options);

describe("createLayout()", () => {
  test("asks nothing of the machine where nothing was asked for", async () => {
    const br0 = { ...ETH0, index: 8, name: "br0" };
    const { texts, calls, commands } = await layOut("", { links: [ETH0, ETH1, br0] });
    expect([texts("eth0", "eth1", "br0"), calls(), commands]).toEqual([["dhcp", "dhcp", "none"], [], []]);
  });

  test.each([
    ["by name", "ip=10.0.0.5:::24::eth1:none"],
    ["by MAC", "ip=10.0.0.5:::24::52-54-00-12-34-57:none"],
    ["by place", "ip=10.0.0.5:::24::0000:00:04.0:none"],
    ["by the name udev would give", "ip=10.0.0.5:::24::enp0s4:none"],
  ])("gives a fixed address to an interface %s, and leaves others alone", async (_, words) => {
    const { planOf, texts } = await layOut(words);
    expect(planOf("eth1")).toMatchObject({ kind: "static", lease: { address: "10.0.0.5", server: "" } });
    expect(texts("eth0")).toEqual(["left alone, as ip= asks"]);
    expect(planOf("eth0")).toMatchObject({ idle: "for now" });
  });

  test("leaves one alone for good that is off", async () => {
    const { planOf } = await layOut("ip=eth0:off");
    expect(planOf("eth0")).toMatchObject({ kind: "idle", idle: "for good" });
  });

  test("leads IPv6 beside IPv4, with its routes", async () => {
    const words =
      "ip=eth0:dhcp ip=[2001:db8::5]::[2001:db8::1]:64::eth0:none rd.route=[2001:db8:9::]/48:[2001:db8::9]";
    const { planOf } = await layOut(words);
    expect(planOf("eth0")).toMatchObject({
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

test("links that are others at each look do not hold the program", async () => {
  const bench = await layOut("vlan=vlan5:eth0");
  let index = 100;
  bench.kernel.network.links = () => [{ ...ETH0, index: index++ }];
  bench.look();
  expect(index).toBeGreaterThan(150);
});

test.each<[string, object]>([
  ["ip=10.0.0.5:::::eth0:dhcp", { wanted: "10.0.0.5" }],
  ["ip=dhcp,0,rack7", { clientId: Uint8Array.of(0, ...Buffer.from("rack7")) }],
])("DHCP is told of %s", async (words, wanted) => {
  const { planOf } = await layOut(words);
  expect(planOf("eth0")).toMatchObject({ kind: "dhcp", ...wanted });
});

describe("before an interface is configured", () => {
  test("it gets its name", async () => {
    const bench = await layOut("ifname=up:52:54:00:12:34:56 ip=up:dhcp");
    expect(bench.calls()).toEqual(["set link 2 down", "set link 2 name up"]);
    expect(bench.texts("up", "eth1")).toEqual(["dhcp", "left alone, as ip= asks"]);
  });

  test("it gets its MAC, answers to the former one, and keeps the name of that", async () => {
    const bench = await layOut("ifname=lan:52:54:00:12:34:56 ip=52-54-00-12-34-56:dhcp::52:54:00:aa:bb:cc");
    expect(bench.calls().slice(1)).toEqual(["set link 2 name lan", "set link 2 address 525400aabbcc"]);
    expect(bench.texts("lan", "eth1")).toEqual(["dhcp", "left alone, as ip= asks"]);
    bench.look();
    expect(bench.calls()).toHaveLength(3);
  });

  test("it gets its MTU", async () => {
    const bench = await layOut("ip=eth0:dhcp:1400");
    expect(bench.texts("eth0")).toEqual(["dhcp"]);
    expect(bench.calls()).toEqual(["set link 2 mtu 1400"]);
  });

  test("it gets both, and its name back from whoever took it, before all else; but not afterwards", async () => {
    const bench = await layOut("ifname=eth0:52:54:00:12:34:56 ip=eth0:dhcp:1400");
    bench.become({ ...ETH0, mtu: 1_500, name: "by-hand" }, ETH1);
    expect(bench.calls()).toEqual(["set link 2 mtu 1400"]);
  });

  test.each([
    ["ifname=up:52:54:00:12:34:56", "set link 2 name", "call eth0 up"],
    ["ip=eth0:dhcp::52:54:00:aa:bb:cc", "set link 2 address", "give eth0 the MAC 52:54:00:aa:bb:cc"],
    ["ip=eth0:dhcp:9000", "set link 2 mtu", "give eth0 an MTU of 9000"],
    ["vlan=vlan5:eth0", "make vlan", "make vlan5 on eth0"],
  ])("what of %s the kernel refuses is said, tried once, and it goes on", async (words, call, what) => {
    const bench = await layOut(words, { refused: call });
    bench.look();
    expect(bench.texts("eth0")).toEqual(["dhcp"]);
    expect(bench.plan.problems?.()).toEqual([`Cannot ${what}: EOPNOTSUPP`]);
    expect(bench.log).toEqual([`warn: Cannot ${what}: EOPNOTSUPP, ignoring`]);
    bench.kernel.failures.length = 0;
    bench.look();
    expect(bench.calls().filter((made) => made.startsWith(call))).toEqual([]);
  });
});

describe("a VLAN", () => {
  test("is made once on its parent, which only carries it", async () => {
    const bench = await layOut("vlan=vlan5:eth0 vlan=eth0.6:eth0 ip=vlan5:dhcp ip=eth0.6:off");
    expect(bench.commands).toEqual(["/usr/sbin/modprobe 8021q"]);
    expect(bench.planOf("eth0")).toMatchObject({ kind: "idle", text: "carrying vlan5, eth0.6", up: true });
    bench.look();
    expect(bench.calls()).toEqual(["make vlan vlan5 id 5 on 2", "make vlan eth0.6 id 6 on 2"]);
    expect(bench.texts("vlan5", "eth0.6")).toEqual(["dhcp", "left alone, as ip= asks"]);
  });

  test("is not meant by the MAC that it shares", async () => {
    const bench = await layOut("vlan=vlan5:eth0 ip=52-54-00-12-34-56:dhcp");
    expect(bench.texts("eth0", "vlan5")).toEqual(["dhcp", "left alone, as ip= asks"]);
  });

  test("is made again where its parent comes again", async () => {
    const bench = await layOut("vlan=vlan5:eth0");
    bench.become();
    bench.become({ ...ETH0, index: 12 });
    expect(bench.calls()).toEqual(["make vlan vlan5 id 5 on 2", "make vlan vlan5 id 5 on 12"]);
  });
});
