import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import type { Link } from "../../../init/kernel/kernel.ts";
import type { NetworkPlan } from "../../../probes/network/plan.ts";
import { type NetworkOptions, type NetworkProbe, startNetwork } from "../../../probes/network.ts";
import { answerDhcp } from "../../fixtures/dhcp-server.ts";
import { ETH0, LEASE } from "../../fixtures/lease.ts";
import { E1000, makeRoot, type Root, VIRTIO } from "../../fixtures/root.ts";
import { fakeMachine, settle } from "../../lib/fake-kernel.ts";

let root: Root;

beforeEach(() => {
  jest.useFakeTimers();
  root = makeRoot({
    ...E1000,
    ...VIRTIO,
    "/proc/sys/net/ipv6/conf/eth0/disable_ipv6": "0\n",
    "/proc/sys/net/ipv4/conf/all/": "",
    "/sys/class/net/br0/type": "1\n",
    "/sys/class/net/lo/type": "772\n",
  });
});

afterEach(() => {
  jest.useRealTimers();
  root[Symbol.dispose]();
});

const ETH1: Link = { ...ETH0, index: 3, name: "eth1", address: Uint8Array.fromHex("525400123457") };
const LO: Link = { ...ETH0, index: 1, name: "lo", type: 772, up: false };

function start(
  links: Link[],
  options: Partial<NetworkOptions> = {},
  fail?: { readonly call: string; readonly message: string },
) {
  const machine = fakeMachine(root.path);
  const { kernel, log } = machine;
  kernel.network.current = links;
  if (fail) kernel.failures.push(fail);
  const abort = new AbortController();
  let changes = 0;
  const changed = () => {
    changes += 1;
  };
  const probe = startNetwork(machine, {
    hostname: "node77",
    ...options,
    signal: abort.signal,
    changed,
  });
  return { kernel, log: log.lines, probe, abort, changes: () => changes };
}

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await settle();
}

type Bench = ReturnType<typeof start>;

async function lease({ kernel }: Bench, index: number, address: string, seconds = 3_600): Promise<void> {
  await pass(1);
  for (const type of ["OFFER", "ACK"] as const) {
    await answerDhcp(kernel.network, index, { type, address, seconds });
  }
  await pass(200);
}

const leading = (probe: NetworkProbe) => probe.clusterNic()?.link.name;
const routes = ({ kernel }: Bench) => kernel.calls.filter((call) => /^add route .* on \d/.test(call));

describe("startNetwork()", () => {
  test("brings up every Ethernet interface with hardware under it, and the loopback", async () => {
    const bridge = { ...ETH0, index: 9, name: "br0" };
    const bench = start([LO, bridge, ETH1, ETH0]);
    expect(bench.kernel.calls).toEqual(["links", "set link 1 up", "set link 3 up", "set link 2 up"]);
    expect(bench.probe.nics().map(({ link, device }) => [link.name, device])).toEqual([
      ["eth0", "0000:00:03.0 8086:100e e1000"],
      ["eth1", "0000:00:04.0 1af4:1000 virtio_net"],
    ]);
    expect(bench.log).toEqual([
      "info: 0000:00:04.0 1af4:1000 virtio_net → eth1",
      "info: 0000:00:03.0 8086:100e e1000 → eth0",
    ]);
    expect(bench.changes()).toBeGreaterThan(1);
    await pass(1);
    expect(bench.kernel.calls).toContain("open socket on 2");
    expect(bench.kernel.calls).toContain("open socket on 3");
  });

  test("configures an interface in another way when asked", async () => {
    const bench = start([ETH0]);
    await lease(bench, 2, "10.9.0.50");
    const fixed = { ...LEASE, address: "192.168.77.1" };
    bench.probe.configure("eth0", { kind: "static", lease: fixed });
    expect(bench.kernel.calls).toContain("remove 10.9.0.50/24 from 2");
    expect(bench.kernel.calls).toContain("add 192.168.77.1/24 to 2");
    expect(bench.probe.clusterNic()?.lease?.address).toBe("192.168.77.1");
    expect(bench.probe.nics()).toHaveLength(1);
    expect(bench.probe.nics()).toHaveLength(1);
  });

  test("keeps IPv6 still until there is a lease", async () => {
    const bench = start([ETH0]);
    const disabled = () => root.read("/proc/sys/net/ipv6/conf/eth0/disable_ipv6");
    expect(disabled()).toBe("1\n");
    await lease(bench, 2, "10.9.0.50");
    expect(disabled()).toBe("0\n");
  });

  test("applies a lease, shows it, and calls it the first", async () => {
    const bench = start([ETH0]);
    let isLeased = false;
    void bench.probe.leased.then(() => {
      isLeased = true;
    });
    await pass(1);
    expect([isLeased, leading(bench.probe), bench.probe.nics()[0]?.state]).toEqual([
      false,
      undefined,
      "SELECTING",
    ]);
    await lease(bench, 2, "10.9.0.50");
    expect([isLeased, leading(bench.probe)]).toEqual([true, "eth0"]);
    expect(bench.probe.clusterNic()).toMatchObject({
      state: "BOUND",
      lease: { address: "10.9.0.50", prefix: 24 },
      leasedAt: expect.any(Number),
      since: expect.any(Number),
    });
    expect(bench.kernel.calls.slice(-5)).toEqual([
      "add 10.9.0.50/24 to 2",
      "add route 0.0.0.0/0 on 2 metric 202",
      "add 10.9.0.50/24 to 2",
      "add route 0.0.0.0/0 on 2 metric 100",
      "remove route 0.0.0.0/0 on 2 metric 202",
    ]);
  });

  test("has each interface speak ARP for its own addresses alone", () => {
    start([ETH0]);
    const setting = (name: string) => root.read(`/proc/sys/net/ipv4/conf/all/${name}`);
    expect([setting("arp_ignore"), setting("arp_announce")]).toEqual(["1\n", "2\n"]);
  });

  test("sends its name", async () => {
    const bench = start([ETH0]);
    await pass(1);
    const sent = bench.kernel.network.sockets.get(2)?.sent[0];
    expect(Buffer.from(sent ?? []).includes("\x0c\x06node77")).toBe(true);
  });

  test("gets no lease where its address cannot be set", async () => {
    const bench = start([ETH0], {}, { call: "add 10.9.0.50", message: "Cannot add address: EINVAL" });
    await lease(bench, 2, "10.9.0.50");
    expect(bench.probe.clusterNic()).toBeUndefined();
    expect(bench.log.join()).toContain("EINVAL");
  });
});

describe("of several interfaces", () => {
  test("the better place leads to the cluster though its lease came later, and its routes win", async () => {
    const bench = start([ETH1, ETH0]);
    await lease(bench, 3, "10.9.0.51");
    expect(leading(bench.probe)).toBeUndefined();
    await lease(bench, 2, "10.9.0.50");
    expect(leading(bench.probe)).toBe("eth0");
    expect(bench.probe.choice()).toBe("before eth1 on its bus");
    expect(bench.log).toContain("info: eth0 leads to the cluster: before eth1 on its bus");
    expect(routes(bench)).toEqual([
      "add route 0.0.0.0/0 on 3 metric 203",
      "add route 0.0.0.0/0 on 2 metric 202",
      "add route 0.0.0.0/0 on 2 metric 100",
    ]);
  });

  test("one that gets none is waited for a moment only, and comes second for good", async () => {
    const bench = start([ETH0, ETH1]);
    await lease(bench, 3, "10.9.0.51");
    await pass(299);
    expect(leading(bench.probe)).toBeUndefined();
    await pass(1);
    expect(leading(bench.probe)).toBe("eth1");
    await lease(bench, 2, "10.9.0.50");
    expect(leading(bench.probe)).toBe("eth1");
    expect(routes(bench).at(-1)).toBe("add route 0.0.0.0/0 on 2 metric 202");
  });

  test("the one that was asked for takes over when its lease comes", async () => {
    const bench = start([ETH0, ETH1], { asked: [{ option: "clump.nic=enp0s4", name: "enp0s4" }] });
    await lease(bench, 2, "10.9.0.50");
    await pass(2_500);
    expect(leading(bench.probe)).toBe("eth0");
    await lease(bench, 3, "10.9.0.51");
    expect([leading(bench.probe), bench.probe.choice()]).toEqual(["eth1", "asked for by clump.nic=enp0s4"]);
    expect(routes(bench).slice(-2)).toEqual([
      "add route 0.0.0.0/0 on 2 metric 202",
      "add route 0.0.0.0/0 on 3 metric 100",
    ]);
  });

  test("one that was asked for and is not there is named once every driver is in", async () => {
    const settled = Promise.withResolvers<void>();
    const asked = [{ option: "clump.nic=eth7", name: "eth7" }];
    const bench = start([ETH0, ETH1], { asked, driversSettled: settled.promise });
    expect(bench.probe.problems()).toEqual([]);
    settled.resolve();
    await settle();
    const problem =
      "Cannot use clump.nic=eth7: no network interface has that name, and there are eth0 or enp0s3, eth1 or enp0s4";
    expect(bench.probe.problems()).toEqual([problem]);
    expect(bench.log).toContain(`warn: ${problem}`);
  });

  test("another takes over when that lease is lost, and stays ahead when it comes back", async () => {
    const bench = start([ETH0, ETH1]);
    await lease(bench, 2, "10.9.0.50", 20);
    await lease(bench, 3, "10.9.0.51");
    for (let second = 0; second < 21; second++) await pass(1_000);
    expect(leading(bench.probe)).toBe("eth1");
    expect(bench.probe.nics()[0]).not.toContainKeys(["lease"]);
    expect(bench.kernel.calls).toContain("remove route 0.0.0.0/0 on 2 metric 100");
    expect(bench.kernel.calls).toContain("remove 10.9.0.50/24 from 2");

    for (let second = 0; second < 15; second++) await pass(1_000);
    await lease(bench, 2, "10.9.0.50");
    expect(bench.probe.nics().map(({ state }) => state)).toEqual(["BOUND", "BOUND"]);
    expect(leading(bench.probe)).toBe("eth1");
    expect(routes(bench).at(-1)).toBe("add route 0.0.0.0/0 on 2 metric 202");
  });

  test("nobody leads once the only lease is lost", async () => {
    const bench = start([ETH0]);
    await lease(bench, 2, "10.9.0.50", 20);
    for (let second = 0; second < 21; second++) await pass(1_000);
    expect(bench.probe.clusterNic()).toBeUndefined();
  });

  test("one that cannot come up is named, and holds no other", async () => {
    const bench = start(
      [{ ...ETH0, carrier: false }, ETH1],
      {},
      { call: "set link 2", message: "Cannot change interface 2: ENOENT" },
    );
    const line = "Cannot bring up eth0: Cannot change interface 2: ENOENT, trying again";
    expect(bench.log).toContain(`warn: ${line}`);
    expect(bench.probe.nics()[0]?.text).toBe(line);
    await lease(bench, 3, "10.9.0.51");
    expect(leading(bench.probe)).toBe("eth1");
  });
});

describe("an interface that cannot come up", () => {
  test("is tried again after 1 s, doubling, said once, and gets its lease then", async () => {
    const failure = { call: "set link 2", message: "Cannot change interface 2: ENOENT" };
    const bench = start([ETH0], {}, failure);
    const warnings = () => bench.log.filter((line) => line.startsWith("warn: Cannot bring up")).length;
    for (let second = 0; second < 6; second++) await pass(1_000);
    expect(warnings()).toBe(1);
    expect(bench.kernel.network.sockets.size).toBe(0);
    bench.kernel.failures.length = 0;
    await pass(1_000);
    await lease(bench, 2, "10.9.0.50");
    expect(leading(bench.probe)).toBe("eth0");
  });

  test("is not tried any more once it is gone", async () => {
    const bench = start([ETH0], {}, { call: "set link 2", message: "ENODEV" });
    bench.kernel.network.events.push({ kind: "removed", link: ETH0 });
    await settle();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe("a plan", () => {
  const FIXED = { ...LEASE, address: "10.9.0.7", seconds: Infinity };
  const plan: NetworkPlan = {
    forLink: ({ name }) => (name === "eth1" ? { kind: "static", lease: FIXED } : { kind: "none" }),
  };

  test("gives one interface a fixed address, and leaves another alone", async () => {
    const bench = start([ETH0, ETH1], { plan });
    await pass(1);
    expect(bench.probe.nics().map(({ link, text }) => [link.name, text])).toEqual([
      ["eth1", "10.9.0.7, static"],
    ]);
    expect(leading(bench.probe)).toBe("eth1");
    expect(bench.kernel.calls).not.toContain("set link 2 up");
    expect(bench.kernel.network.sockets.size).toBe(0);
  });
});

test("the interface that the boot loader used asks for the address it had, and no other does", async () => {
  const bootedFrom = { nic: "01-52-54-00-12-34-57", address: "10.9.0.51" };
  const bench = start([ETH0, ETH1], { bootedFrom });
  await pass(1);
  expect(bench.probe.nics().map(({ state }) => state)).toEqual(["SELECTING", "REBOOTING"]);
});

test("every lease is given back at the end, and nothing asked for any more", async () => {
  const bench = start([ETH0, { ...ETH1, carrier: false }]);
  await lease(bench, 2, "10.9.0.50");
  await bench.probe.release();
  expect(bench.probe.nics()[0]?.state).toBe("INIT");
  expect(bench.kernel.network.sockets.get(2)?.isClosed).toBe(true);
  bench.kernel.network.events.push({ kind: "changed", link: ETH1 });
  await settle();
  await pass(10_000);
  expect(bench.kernel.network.sockets.has(3)).toBe(false);
});

describe("link events", () => {
  test("begin with an interface that appears", async () => {
    const bench = start([]);
    bench.kernel.network.events.push({ kind: "changed", link: ETH0 });
    await settle();
    await lease(bench, 2, "10.9.0.50");
    expect(leading(bench.probe)).toBe("eth0");
  });

  test("carry the carrier to the client", async () => {
    const bench = start([{ ...ETH0, carrier: false }]);
    expect(bench.probe.nics()[0]?.text).toBe("no cable, no carrier");
    await pass(10_000);
    expect(bench.kernel.network.sockets.size).toBe(0);
    bench.kernel.network.events.push({ kind: "changed", link: ETH0 });
    await settle();
    await pass(1);
    expect(bench.probe.nics()[0]?.link.carrier).toBe(true);
    expect(bench.kernel.network.sockets.get(2)?.sent).toHaveLength(1);
  });

  test("forget an interface that is gone; the next one leads", async () => {
    const bench = start([ETH0, ETH1]);
    await lease(bench, 2, "10.9.0.50");
    await lease(bench, 3, "10.9.0.51");
    bench.kernel.network.events.push({ kind: "removed", link: ETH0 });
    await settle();
    expect(bench.probe.nics().map(({ link }) => link.name)).toEqual(["eth1"]);
    expect(leading(bench.probe)).toBe("eth1");
    expect(bench.log).toContain("info: eth0 is gone");
    expect(bench.kernel.network.sockets.get(2)?.isClosed).toBe(true);
  });

  test("of a link that is nobody's to configure change nothing", async () => {
    const bench = start([ETH0]);
    bench.kernel.network.events.push({ kind: "changed", link: { ...ETH0, index: 9, name: "br0" } });
    bench.kernel.network.events.push({ kind: "removed", link: { ...ETH0, index: 9, name: "br0" } });
    await settle();
    expect(bench.probe.nics()).toHaveLength(1);
  });

  test("that are lost are reported", async () => {
    const bench = start([ETH0]);
    bench.kernel.network.events.fail(new Error("ENOBUFS"));
    await settle();
    expect(bench.log).toContain("warn: Cannot follow the network interfaces: ENOBUFS, looking again");
  });
});

test("the signal ends every client", async () => {
  const bench = start([ETH0]);
  await pass(1);
  bench.abort.abort();
  expect(bench.kernel.network.sockets.get(2)?.isClosed).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
});
