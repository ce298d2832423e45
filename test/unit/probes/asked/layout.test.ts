import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import type { Link } from "../../../../init/kernel/kernel.ts";
import { splitWords } from "../../../../init/machine/kernel-words.ts";
import { readAsked } from "../../../../probes/asked/asked.ts";
import { MEMBERS_MILLISECONDS } from "../../../../probes/asked/bonds.ts";
import { CARRIERS_MILLISECONDS } from "../../../../probes/asked/home.ts";
import { createLayout } from "../../../../probes/asked/layout.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { E1000, makeRoot, type Root, VIRTIO } from "../../../fixtures/root.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";

const ETH1: Link = { ...ETH0, index: 3, name: "eth1", address: Uint8Array.fromHex("525400123457") };
const BOND0: Link = { ...ETH0, index: 9, name: "bond0", address: Uint8Array.fromHex("0a0000000001") };
const OPTIONS = "/sys/class/net/bond0/bonding";

let root: Root;

beforeEach(() => {
  jest.useFakeTimers();
  root = makeRoot({ ...E1000, ...VIRTIO, [`${OPTIONS}/`]: "" });
});

afterEach(() => {
  jest.useRealTimers();
  root[Symbol.dispose]();
});

async function layOut(words: string, { links = [ETH0, ETH1], preferred = [] as string[], driver = 0 } = {}) {
  const machine = fakeMachine(root.path);
  machine.kernel.network.current = links;
  machine.children.onSpawn = (child) => {
    child.said = "no such module";
    child.finish(driver);
  };
  const { signal } = new AbortController();
  const plan = await createLayout(machine, readAsked(splitWords(words)), { preferred, signal });
  let asks = 0;
  plan.watch?.(() => {
    asks += 1;
  });
  const { kernel, log, children } = machine;
  return {
    ...{ plan, kernel, log: log.lines, asks: () => asks },
    commands: children.all.map(({ command }) => command.join(" ")),
    calls: () => kernel.calls.filter((call) => call !== "links"),
    kinds: () => links.map((link) => plan.forLink(link).kind),
    text(link: Link) {
      const answer = plan.forLink(link);
      return answer.kind === "idle" ? answer.text : answer.kind;
    },
  };
}

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await settle();
}

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
    root.write({ "/sys/class/net/up/device": "-> ../../../devices/pci0000:00/0000:00:03.0" });
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

describe("a bond", () => {
  const WORDS = "bond=bond0:eth1,eth0:mode=active-backup,arp_interval=100,arp_ip_target=10.0.0.1";

  test("is made with its options before it has members", async () => {
    const bench = await layOut(`${WORDS}:1400`, { links: [BOND0] });
    expect(bench.commands).toEqual(["/usr/sbin/modprobe bonding max_bonds=0"]);
    expect(bench.calls()).toEqual(["make bond bond0", "set link 9 mtu 1400"]);
    expect(root.read(`${OPTIONS}/mode`)).toBe("active-backup\n");
    expect(root.read(`${OPTIONS}/arp_interval`)).toBe("100\n");
    expect(root.read(`${OPTIONS}/arp_ip_target`)).toBe("+10.0.0.1\n");
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

  test("that refuses a member leaves it as it is, and says so", async () => {
    const bench = await layOut(WORDS, { links: [ETH0, BOND0] });
    bench.kernel.failures.push({ call: "set link 2 master", message: "EPERM" });
    expect(bench.text(ETH0)).toBe("not part of bond0: EPERM");
    expect(bench.plan.problems?.()).toContain("Cannot put eth0 in bond0: EPERM");
  });
});

describe("a fixed address without an interface", () => {
  const WORDS = "ip=10.0.0.5:::24";

  test.each([
    ["is given to the first on its bus of those with a carrier", [ETH1, ETH0], "eth0"],
    ["is not given to one without a carrier", [ETH1, { ...ETH0, carrier: false }], "eth1"],
  ])("%s", async (_, links, home) => {
    const bench = await layOut(WORDS, { links });
    expect(bench.kinds()).toEqual(["idle", "idle"]);
    expect(bench.plan.forLink(ETH1)).toMatchObject({ kind: "idle", up: true });
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.asks()).toBe(1);
    const chosen = links.filter((link) => bench.plan.forLink(link).kind === "static");
    expect(chosen.map(({ name }) => name)).toEqual([home]);
  });

  test("is given at once to the one that is to lead to the cluster", async () => {
    const bench = await layOut(WORDS, { preferred: ["eth1"] });
    expect(bench.kinds()).toEqual(["idle", "static"]);
  });

  test("is given to another when its interface is gone", async () => {
    const bench = await layOut(WORDS);
    bench.kinds();
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.kinds()).toEqual(["static", "idle"]);
    bench.kernel.network.current = [ETH1];
    bench.plan.forLink(ETH1);
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.plan.forLink(ETH1).kind).toBe("static");
  });

  test("is a bond's where all are its members", async () => {
    const bench = await layOut(`${WORDS} bond=bond0:eth0,eth1:mode=1`, { links: [ETH0, ETH1, BOND0] });
    bench.kinds();
    await pass(0);
    bench.text({ ...BOND0, address: ETH0.address });
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.text({ ...BOND0, address: ETH0.address })).toBe("static");
  });
});
