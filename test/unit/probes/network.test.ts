import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { encodeAnnouncement } from "../../../probes/arp/packet.ts";
import type { NetworkPlan } from "../../../probes/network/plan.ts";
import { ETH0, LEASE } from "../../fixtures/lease.ts";
import { settle } from "../../lib/fake-kernel.ts";
import { cleanUp, ETH1, LO, lease, pass, prepare, primary, root, start } from "./network/bench.ts";

beforeEach(prepare);
afterEach(cleanUp);

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
      "info: 0000:00:04.0 1af4:1000 virtio_net -> eth1",
      "info: 0000:00:03.0 8086:100e e1000 -> eth0",
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
    expect(bench.probe.primaryNic()?.lease?.address).toBe("192.168.77.1");
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
    expect([isLeased, primary(bench.probe), bench.probe.nics()[0]?.state]).toEqual([
      false,
      undefined,
      "SELECTING",
    ]);
    await lease(bench, 2, "10.9.0.50");
    expect([isLeased, primary(bench.probe)]).toEqual([true, "eth0"]);
    expect(bench.probe.primaryNic()).toMatchObject({
      state: "BOUND",
      lease: { address: "10.9.0.50", prefix: 24 },
      leasedAt: expect.any(Number),
      since: expect.any(Number),
    });
    expect(bench.kernel.calls.slice(-6)).toEqual([
      "add 10.9.0.50/24 to 2",
      "add route 0.0.0.0/0 on 2 metric 202",
      "add 10.9.0.50/24 to 2",
      "add route 0.0.0.0/0 on 2 metric 100",
      "remove route 0.0.0.0/0 on 2 metric 202",
      "guard 10.9.0.50 on 2",
    ]);
  });

  test("names who claims the address of a lease, and why another one is to come", async () => {
    const bench = start([ETH0]);
    await lease(bench, 2, "10.9.0.50");
    await pass(2_000);
    const claim = async () => {
      const claiming = encodeAnnouncement(Uint8Array.fromHex("525400aabbcc"), "10.9.0.50");
      bench.kernel.network.guards.get(2)?.packets.push(claiming);
      await settle();
    };
    await claim();
    expect(bench.probe.problems()).toEqual([
      "10.9.0.50 of eth0 is the address of 52:54:00:aa:bb:cc too: one of the two must change",
    ]);
    await claim();
    expect([bench.probe.problems(), bench.probe.primaryNic()]).toEqual([[], undefined]);
    expect(bench.probe.nics()[0]?.hint).toBe("10.9.0.50 is in use by 52:54:00:aa:bb:cc");
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
    expect(bench.probe.primaryNic()).toBeUndefined();
    expect(bench.log.join()).toContain("EINVAL");
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
    expect(primary(bench.probe)).toBe("eth0");
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
    expect(primary(bench.probe)).toBe("eth1");
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
