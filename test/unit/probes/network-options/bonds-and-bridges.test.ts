import { describe, expect, test } from "bun:test";
import { MEMBERS_MILLISECONDS } from "../../../../probes/network-options/bonds-and-bridges.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { ETH1, layOut as layOutAt, OPTIONS, pass, prepareMachines } from "./lay-out.ts";

const root = prepareMachines();

const layOut = (words: string, options?: Parameters<typeof layOutAt>[2]) =>
  layOutAt(root().path, words, options);

type Bench = Awaited<ReturnType<typeof layOut>>;
const addressOf = ({ kernel }: Bench, name: string) =>
  kernel.network.current.find((link) => link.name === name)?.address.toHex();

describe("a bond", () => {
  const WORDS = "bond=bond0:eth1,eth0:mode=active-backup,arp_interval=100,arp_ip_target=10.0.0.1";

  test("is made with its options before it has members", async () => {
    const bench = await layOut(`${WORDS}:1400`, { links: [] });
    expect(bench.commands).toEqual(["/usr/sbin/modprobe bonding max_bonds=0"]);
    expect(bench.calls()).toEqual(["make bond bond0", "set link 9 mtu 1400"]);
    expect(bench.texts("bond0")).toEqual(["waiting for its members"]);
    expect(root().read(`${OPTIONS}/mode`)).toBe("active-backup\n");
    expect(root().read(`${OPTIONS}/arp_interval`)).toBe("100\n");
    expect(root().read(`${OPTIONS}/arp_ip_target`)).toBe("+10.0.0.1\n");
  });

  test("is made with its targets of IPv6, which sysfs has no file for", async () => {
    const bench = await layOut("bond=bond0:all:mode=1,arp_interval=100,ns_ip6_target=[fc08::1];[fc08::2]");
    expect(bench.calls()[0]).toBe("make bond bond0 for fc08::1 fc08::2");
    expect(bench.plan.problems?.()).toEqual([]);
  });

  test("takes its members, which get nothing else, and is configured once they are in", async () => {
    const bench = await layOut(WORDS);
    expect(bench.calls()).toEqual([
      "make bond bond0",
      "set link 2 down",
      "set link 2 master 9",
      "set link 3 down",
      "set link 3 master 9",
      // That of eth1, the first of the list, though eth0 came first.
      "set link 9 address 525400123457",
    ]);
    expect(bench.texts("eth0", "eth1", "bond0")).toEqual(["part of bond0", "part of bond0", "dhcp"]);
  });

  test("waits for its driver, and everything with it", async () => {
    const bench = await layOut("bond=bond0:eth0:mode=1 ip=bond0:dhcp", { driver: "hangs", links: [ETH0] });
    expect([bench.texts("eth0"), bench.calls()]).toEqual([["waiting for a driver"], []]);
    await bench.settle();
    expect([bench.calls(), bench.plan.problems?.()]).toEqual([[], []]);
    bench.driverIsIn();
    await pass(0);
    expect(bench.texts("eth0", "bond0")).toEqual(["part of bond0", "dhcp"]);
  });

  test("is gone on without where its driver is late", async () => {
    const bench = await layOut("bond=bond0:eth0:mode=1", {
      driver: "hangs",
      links: [ETH0],
      refused: "make bond",
    });
    await pass(30_000);
    expect(bench.plan.problems?.()).toContain("Cannot load the driver bonding: still loading after 30 s");
    expect(bench.texts("eth0")).toEqual(["dhcp"]);
  });

  test("goes on without a member that does not come, and takes it when it does", async () => {
    const bench = await layOut("bond=bond0:eth0,eth1:mode=1 ip=10.0.0.5:::24::bond0:none", { links: [ETH0] });
    await pass(MEMBERS_MILLISECONDS - 1);
    expect(bench.texts("bond0")).toEqual(["waiting for its members"]);
    await pass(1);
    expect(bench.texts("bond0")).toEqual(["static"]);
    bench.become(...bench.kernel.network.current, ETH1);
    expect(bench.texts("eth1", "bond0")).toEqual(["part of bond0", "static"]);
    expect(bench.calls().at(-1)).toBe("set link 3 master 9");
    expect(addressOf(bench, "bond0")).toBe(ETH0.address.toHex());
  });

  test("of all takes every adapter, and the lowest address whichever came first", async () => {
    const bench = await layOut("bond=bond0:all:mode=1", { links: [ETH1, ETH0] });
    expect(bench.texts("eth0", "eth1")).toEqual(["part of bond0", "part of bond0"]);
    await pass(MEMBERS_MILLISECONDS);
    expect(addressOf(bench, "bond0")).toBe("525400123456");
  });

  test("keeps a member that has the address of the bond by now", async () => {
    const bench = await layOut("bond=bond0:52:54:00:12:34:56,52:54:00:12:34:57:mode=1");
    const calls = bench.calls().length;
    expect(addressOf(bench, "eth1")).toBe("525400123456");
    bench.look();
    expect(bench.texts("eth1")).toEqual(["part of bond0"]);
    expect(bench.calls()).toHaveLength(calls);
  });

  test("does not take back a member that a person took out", async () => {
    const bench = await layOut("bond=bond0:eth0,eth1:mode=1");
    const calls = bench.calls().length;
    bench.become(...bench.kernel.network.current.map(({ master: _, ...link }) => link));
    expect(bench.calls()).toHaveLength(calls);
  });

  test("carries a VLAN", async () => {
    const bench = await layOut("bond=bond0:eth0:mode=1 vlan=vlan5:bond0 ip=vlan5:dhcp", { links: [ETH0] });
    expect(bench.texts("bond0", "vlan5")).toEqual(["carrying vlan5", "dhcp"]);
    expect(bench.calls().at(-1)).toBe("make vlan vlan5 id 5 on 9");
  });

  test("whose options cannot be, or whose driver is not there, is said", async () => {
    const bench = await layOut("bond=bond7:eth0:mode=1", { driver: 1 });
    expect(bench.plan.problems?.()[0]).toBe("Cannot load the driver bonding: no such module");
    expect(bench.plan.problems?.()[1]).toStartWith(
      "Cannot set mode=active-backup of bond7: no such file or directory",
    );
  });

  test("that cannot be made leaves its members to DHCP", async () => {
    const bench = await layOut("bond=bond0:eth0:mode=1 ip=bond0:dhcp", { refused: "make bond" });
    await bench.settle();
    expect(bench.texts("eth0", "eth1")).toEqual(["dhcp", "dhcp"]);
    expect(bench.plan.problems?.()[0]).toBe("Cannot make bond0: EOPNOTSUPP");
  });

  test("that refuses a member leaves it as it is, says so, and takes it later", async () => {
    const bench = await layOut(WORDS, { links: [ETH0], refused: "set link 2 master" });
    expect(bench.texts("eth0")).toEqual(["not part of bond0: EOPNOTSUPP"]);
    expect(bench.plan.problems?.()).toContain("Cannot put eth0 in bond0: EOPNOTSUPP");
    bench.kernel.failures.length = 0;
    bench.look();
    expect(bench.texts("eth0")).toEqual(["part of bond0"]);
  });
});

describe("a bridge", () => {
  test("takes its ports without a word of options, brings them up, and is configured once they are in", async () => {
    const bench = await layOut("bridge=br0:eth1,eth0 ip=br0:dhcp");
    expect(bench.commands).toEqual(["/usr/sbin/modprobe bridge"]);
    expect(bench.texts("eth0", "eth1", "br0")).toEqual(["part of br0", "part of br0", "dhcp"]);
    expect(bench.calls()).toEqual([
      "make bridge br0",
      "set link 2 master 9",
      "set link 2 up",
      "set link 3 master 9",
      "set link 3 up",
      // That of eth1, the first of the list: a bridge by itself takes the lowest, whichever is in by then.
      "set link 9 address 525400123457",
    ]);
  });

  test("keeps the address of its first port, which the kernel would change for the lower one of a later port", async () => {
    const bench = await layOut("bridge=br0:eth1,eth0 ip=br0:dhcp", { links: [ETH1] });
    const own = bench.kernel.network.current.map((link) =>
      link.name === "br0" ? { ...link, address: ETH1.address } : link,
    );
    bench.become(...own);
    await pass(MEMBERS_MILLISECONDS);
    expect(bench.texts("br0")).toEqual(["dhcp"]);
    expect(bench.calls().at(-1)).toBe("set link 9 address 525400123457");
  });

  test("takes a VLAN and a bond for ports, once that is whole", async () => {
    const bench = await layOut("bond=bond0:eth0,eth7:mode=1 vlan=vlan5:eth1 bridge=br0:bond0,vlan5");
    expect(bench.texts("bond0", "vlan5")).toEqual(["waiting for its members", "part of br0"]);
    await pass(MEMBERS_MILLISECONDS);
    expect(bench.texts("bond0", "eth1", "vlan5", "br0")).toEqual([
      "part of br0",
      "dhcp",
      "part of br0",
      "dhcp",
    ]);
  });

  test("is no member of a bond of all, which are the adapters", async () => {
    const bench = await layOut("bond=bond0:all:mode=1 bridge=br0:bond0", { links: [ETH0] });
    expect(bench.texts("br0")).toEqual(["waiting for its members"]);
    await pass(MEMBERS_MILLISECONDS);
    expect(bench.texts("bond0", "br0")).toEqual(["part of br0", "dhcp"]);
  });

  test("that is still to come is not missed where what is below it is there", async () => {
    const words = "bond=bond0:all:mode=1 vlan=vlan5:bond0 bridge=br0:vlan5 ip=10.0.0.5:::24::br0:none";
    const bench = await layOut(words, { links: [ETH0] });
    await bench.settle();
    expect([bench.texts("br0"), bench.plan.problems?.()]).toEqual([["waiting for its members"], []]);
  });

  test("that cannot be made leaves its ports to DHCP", async () => {
    const bench = await layOut("bridge=br0:eth0 ip=10.0.0.5:::24::br0:none", { refused: "make bridge" });
    await bench.settle();
    expect(bench.texts("eth0", "eth1")).toEqual(["dhcp", "dhcp"]);
    expect(bench.plan.problems?.()[0]).toBe("Cannot make br0: EOPNOTSUPP");
  });

  test("whose port is not there is named", async () => {
    const bench = await layOut("bridge=br0:ens9", { links: [ETH0] });
    await bench.settle();
    expect(bench.plan.problems?.()).toEqual([
      "Cannot use ens9 in br0: no network interface has that name, and there is eth0 or enp0s3",
    ]);
  });
});
