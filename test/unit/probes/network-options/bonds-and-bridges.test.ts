import { describe, expect, test } from "bun:test";
import { MEMBERS_MILLISECONDS } from "../../../../probes/network-options/bonds-and-bridges.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { BOND0, ETH1, layOut as layOutAt, OPTIONS, pass, prepareMachines } from "./lay-out.ts";

const root = prepareMachines();

const layOut = (words: string, options?: Parameters<typeof layOutAt>[2]) =>
  layOutAt(root().path, words, options);

describe("a bond", () => {
  const WORDS = "bond=bond0:eth1,eth0:mode=active-backup,arp_interval=100,arp_ip_target=10.0.0.1";

  test("is made with its options before it has members", async () => {
    const bench = await layOut(`${WORDS}:1400`, { links: [BOND0] });
    expect(bench.commands).toEqual(["/usr/sbin/modprobe bonding max_bonds=0"]);
    expect(bench.calls()).toEqual(["make bond bond0", "set link 9 mtu 1400"]);
    expect(root().read(`${OPTIONS}/mode`)).toBe("active-backup\n");
    expect(root().read(`${OPTIONS}/arp_interval`)).toBe("100\n");
    expect(root().read(`${OPTIONS}/arp_ip_target`)).toBe("+10.0.0.1\n");
  });

  test("takes its members, which get nothing else, and is configured once they are in", async () => {
    const bench = await layOut(WORDS, { links: [ETH0, ETH1, BOND0] });
    expect(bench.text(BOND0)).toBe("waiting for its members");
    expect([bench.text(ETH0), bench.text(ETH1)]).toEqual(["part of bond0", "part of bond0"]);
    expect(bench.calls().slice(1)).toEqual([
      "set link 2 down",
      "set link 2 master 9",
      "set link 3 down",
      "set link 3 master 9",
    ]);
    expect(bench.text(BOND0)).toBe("waiting for its members");
    await pass(0);
    expect(bench.asks()).toBe(1);
    // Its address is that of eth1, the first of the list, though eth0 came first.
    expect(bench.text(BOND0)).toBe("waiting for its members");
    expect(bench.calls().at(-1)).toBe("set link 9 address 525400123457");
    expect(bench.text({ ...BOND0, address: ETH1.address })).toBe("dhcp");
  });

  test("waits for its driver, and everything with it", async () => {
    const bench = await layOut("bond=bond0:eth0:mode=1 ip=bond0:dhcp", {
      driver: "hangs",
      links: [ETH0, BOND0],
    });
    expect([bench.text(ETH0), bench.calls()]).toEqual(["waiting for a driver", []]);
    await bench.settle();
    expect([bench.asks(), bench.plan.problems?.()]).toEqual([0, []]);
    bench.driverIsIn();
    await pass(0);
    expect(bench.calls()).toEqual(["make bond bond0"]);
    expect(bench.asks()).toBeGreaterThan(0);
    expect(bench.text(ETH0)).toBe("part of bond0");
  });

  test("is gone on without where its driver is late", async () => {
    const bench = await layOut("bond=bond0:eth0:mode=1", { driver: "hangs", links: [ETH0] });
    await pass(30_000);
    expect(bench.plan.problems?.()).toContain("Cannot load the driver bonding: still loading after 30 s");
    expect(bench.text(ETH0)).toBe("waiting for bond0");
  });

  test("goes on without a member that does not come, and takes it when it does", async () => {
    const bench = await layOut("bond=bond0:eth0,eth1:mode=1 ip=10.0.0.5:::24::bond0:none", {
      links: [ETH0, BOND0],
    });
    bench.text(ETH0);
    await pass(MEMBERS_MILLISECONDS - 1);
    expect([bench.asks(), bench.text(BOND0)]).toEqual([0, "waiting for its members"]);
    await pass(1);
    expect([bench.asks(), bench.text({ ...BOND0, address: ETH0.address })]).toEqual([1, "static"]);
    expect(bench.text(ETH1)).toBe("part of bond0");
    expect(bench.calls().at(-1)).toBe("set link 3 master 9");
  });

  test("of all takes every adapter, and the lowest address whichever came first", async () => {
    const bench = await layOut("bond=bond0:all:mode=1", { links: [ETH1, ETH0, BOND0] });
    expect([bench.text(ETH1), bench.text(ETH0)]).toEqual(["part of bond0", "part of bond0"]);
    await pass(MEMBERS_MILLISECONDS);
    bench.text(BOND0);
    expect(bench.calls().at(-1)).toBe("set link 9 address 525400123456");
  });

  test("keeps a member that has the address of the bond by now", async () => {
    const bench = await layOut("bond=bond0:52:54:00:12:34:56,52:54:00:12:34:57:mode=1", {
      links: [ETH0, ETH1, BOND0],
    });
    bench.kinds();
    const calls = bench.calls().length;
    bench.text(ETH1);
    const member = { ...ETH1, address: ETH0.address, master: 9 };
    expect(bench.text(member)).toBe("part of bond0");
    expect(bench.calls()).toHaveLength(calls);
  });

  test("carries a VLAN", async () => {
    const bench = await layOut("bond=bond0:eth0:mode=1 vlan=vlan5:bond0 ip=vlan5:dhcp", {
      links: [ETH0, BOND0],
    });
    bench.text(ETH0);
    await pass(0);
    expect(bench.text({ ...BOND0, address: ETH0.address })).toBe("carrying vlan5");
    expect(bench.calls().at(-1)).toBe("make vlan vlan5 id 5 on 9");
  });

  test("that cannot be, or not as it was asked for, is said", async () => {
    const bench = await layOut("bond=bond7:eth0:mode=1", { driver: 1 });
    expect(bench.plan.problems?.()[0]).toBe("Cannot load the driver bonding: no such module");
    expect(bench.plan.problems?.()[1]).toStartWith("Cannot set mode=active-backup of bond7: ENOENT");
    expect(bench.text(ETH0)).toBe("waiting for bond7");
  });

  test("that cannot be made leaves its members to DHCP", async () => {
    const bench = await layOut("bond=bond0:eth0:mode=1 ip=bond0:dhcp", { refused: "make bond" });
    bench.kinds();
    await bench.settle();
    expect(bench.kinds()).toEqual(["dhcp", "dhcp"]);
    expect(bench.plan.problems?.()[0]).toBe("Cannot make bond0: EOPNOTSUPP");
  });

  test("that refuses a member leaves it as it is, and says so", async () => {
    const bench = await layOut(WORDS, { links: [ETH0, BOND0] });
    bench.kernel.failures.push({ call: "set link 2 master", message: "EPERM" });
    expect(bench.text(ETH0)).toBe("not part of bond0: EPERM");
    expect(bench.plan.problems?.()).toContain("Cannot put eth0 in bond0: EPERM");
  });
});

describe("a bridge", () => {
  const BR0 = { ...BOND0, name: "br0" };

  test("is made without a word of its ports, which it takes and brings up, and is configured once they are in", async () => {
    const bench = await layOut("bridge=br0:eth1,eth0 ip=br0:dhcp", { links: [ETH0, ETH1, BR0] });
    expect(bench.commands).toEqual(["/usr/sbin/modprobe bridge"]);
    expect(bench.text(BR0)).toBe("waiting for its members");
    expect([bench.text(ETH0), bench.text(ETH1)]).toEqual(["part of br0", "part of br0"]);
    await pass(0);
    bench.text(BR0);
    expect(bench.calls()).toEqual([
      "make bridge br0",
      "set link 2 master 9",
      "set link 2 up",
      "set link 3 master 9",
      "set link 3 up",
      // That of eth1, the first of the list: a bridge by itself takes the lowest, whichever is in by then.
      "set link 9 address 525400123457",
    ]);
    expect(bench.text({ ...BR0, address: ETH1.address })).toBe("dhcp");
  });

  test("keeps the address of its first port, which the kernel would change for the lower one of a later port", async () => {
    const bench = await layOut("bridge=br0:eth1,eth0 ip=br0:dhcp", { links: [ETH1, BR0] });
    bench.text(ETH1);
    await pass(MEMBERS_MILLISECONDS);
    expect(bench.text({ ...BR0, address: ETH1.address })).toBe("dhcp");
    expect(bench.calls().at(-1)).toBe("set link 9 address 525400123457");
  });

  test("takes a VLAN and a bond for ports, once that is whole", async () => {
    const vlan = { ...ETH1, index: 7, name: "vlan5" };
    const bench = await layOut("bond=bond0:eth0:mode=1 vlan=vlan5:eth1 bridge=br0:bond0,vlan5", {
      links: [ETH0, ETH1, vlan, BOND0, { ...BR0, index: 8 }],
    });
    expect(bench.text(BOND0)).toBe("waiting for its members");
    bench.text(ETH0);
    await pass(0);
    const bond = { ...BOND0, address: ETH0.address };
    expect([bench.text(bond), bench.text(ETH1), bench.text(vlan)]).toEqual([
      "part of br0",
      "dhcp",
      "part of br0",
    ]);
    expect(bench.calls().slice(-2)).toEqual(["set link 7 master 8", "set link 7 up"]);
  });

  test("is no member of a bond of all, which are the adapters", async () => {
    const bench = await layOut("bond=bond0:all:mode=1 bridge=br0:bond0", { links: [ETH0, BOND0, BR0] });
    expect(bench.text(BR0)).toBe("waiting for its members");
    bench.text(ETH0);
    await pass(MEMBERS_MILLISECONDS);
    expect(bench.text({ ...BOND0, address: ETH0.address })).toBe("part of br0");
  });

  test("that is still to come is not missed where what is below it is there", async () => {
    const words = "bond=bond0:all:mode=1 vlan=vlan5:bond0 bridge=br0:vlan5 ip=10.0.0.5:::24::br0:none";
    const bench = await layOut(words, { links: [ETH0, BOND0, BR0] });
    bench.text(ETH0);
    await bench.settle();
    expect([bench.text(BR0), bench.plan.problems?.()]).toEqual(["waiting for its members", []]);
  });

  test("that cannot be made leaves its ports to DHCP", async () => {
    const bench = await layOut("bridge=br0:eth0 ip=10.0.0.5:::24::br0:none", { refused: "make bridge" });
    bench.kinds();
    await bench.settle();
    expect(bench.kinds()).toEqual(["dhcp", "dhcp"]);
    expect(bench.plan.problems?.()[0]).toBe("Cannot make br0: EOPNOTSUPP");
  });

  test("whose port is not there is named", async () => {
    const bench = await layOut("bridge=br0:ens9", { links: [ETH0, BR0] });
    bench.kinds();
    await bench.settle();
    expect(bench.plan.problems?.()).toEqual([
      "Cannot use ens9 in br0: no network interface has that name, and there is eth0 or enp0s3",
    ]);
  });
});
