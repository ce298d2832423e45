/** What the network does with what a plan says, beyond DHCP and fixed addresses. */

import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import type { Lease } from "../../../../probes/dhcp/lease.ts";
import { IPV6_ALONE } from "../../../../probes/network/interface.ts";
import type { LinkPlan, NetworkPlan } from "../../../../probes/network/plan.ts";
import { STEADY_MILLISECONDS } from "../../../../probes/network/steady-carrier.ts";
import { type NetworkProbe, startNetwork } from "../../../../probes/network.ts";
import { answerDhcp } from "../../../fixtures/dhcp-server.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { E1000, makeRoot, type Root } from "../../../fixtures/root.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";

let root: Root;

beforeEach(() => {
  jest.useFakeTimers();
  root = makeRoot({ ...E1000, "/proc/sys/net/ipv6/conf/eth0/disable_ipv6": "0\n" });
});

afterEach(() => {
  jest.useRealTimers();
  root[Symbol.dispose]();
});

function start(plan: NetworkPlan, fail?: { readonly call: string; readonly message: string }) {
  const machine = fakeMachine(root.path);
  const { kernel, log } = machine;
  kernel.network.current = [ETH0];
  if (fail) kernel.failures.push(fail);
  const { signal } = new AbortController();
  const driversSettled = Promise.resolve();
  const probe = startNetwork(machine, { plan, driversSettled, signal, changed: () => {} });
  return { kernel, log: log.lines, probe };
}

type Bench = ReturnType<typeof start>;

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await settle();
}

async function lease({ kernel }: Bench): Promise<void> {
  await pass(1);
  for (const type of ["OFFER", "ACK"] as const) {
    await answerDhcp(kernel.network, 2, { type, address: "10.9.0.50", seconds: 20 });
  }
  // The address is asked for, whether anybody has it.
  await pass(200);
}

const nic = ({ probe }: Bench) => probe.nics()[0];
const primary = (probe: NetworkProbe) => probe.primaryNic()?.link.name;
const idle = (text: string, up = false): LinkPlan => ({ kind: "idle", idle: "for now", text, up });

describe("a plan", () => {
  test.each([
    ["not so much as brought up", false],
    ["brought up and no more", true],
  ])("shows one that is idle, which is %s", async (_, up) => {
    const bench = start({ forLink: () => idle("part of bond0", up) });
    await pass(1);
    expect([nic(bench)?.text, nic(bench)?.idle]).toEqual(["part of bond0", "for now"]);
    expect(bench.kernel.calls.includes("set link 2 up")).toBe(up);
    expect(bench.kernel.network.sockets.size).toBe(0);
    expect(primary(bench.probe)).toBeUndefined();
  });

  test.each([false, true])("is asked of an idle one again, and again when told to (up: %p)", async (up) => {
    const answers: LinkPlan[] = [idle("waiting", up), idle("still waiting", up), { kind: "dhcp" }];
    let again = (): void => {};
    const asking: NetworkPlan = {
      forLink: () => answers.shift() ?? { kind: "dhcp" },
      watch: (listener) => {
        again = listener;
      },
    };
    const bench = start(asking);
    bench.kernel.network.events.push({ kind: "changed", link: { ...ETH0, name: "up0" } });
    await settle();
    expect([nic(bench)?.text, nic(bench)?.link.name]).toEqual(["still waiting", "up0"]);
    again();
    await lease(bench);
    expect(nic(bench)).not.toContainKey("idle");
    expect(primary(bench.probe)).toBe("up0");
    expect(bench.kernel.calls.filter((call) => call === "set link 2 up")).toHaveLength(1);
    expect(answers).toEqual([]);
  });

  test("tells of one that is idle for good by now", async () => {
    const answers: LinkPlan[] = [idle("waiting"), { ...idle("waiting"), idle: "for good" } as LinkPlan];
    const bench = start({ forLink: () => answers.shift() ?? idle("late") });
    bench.kernel.network.events.push({ kind: "changed", link: ETH0 });
    await settle();
    expect(nic(bench)?.idle).toBe("for good");
  });

  test("leaves one alone that is nobody's any more", async () => {
    const answers: LinkPlan[] = [idle("waiting"), { kind: "none" }];
    const bench = start({ forLink: () => answers.shift() ?? idle("late") });
    bench.kernel.network.events.push({ kind: "changed", link: ETH0 });
    await settle();
    expect(nic(bench)?.text).toBe("waiting");
  });

  const IPV6 = {
    addresses: [{ address: "2001:db8::5", prefix: 64 }],
    routes: [{ destination: "::", prefix: 0, gateway: "2001:db8::1" }],
  };
  const applied = ["add 2001:db8::5/64 to 2", "add route ::/0 on 2 metric 202"];

  test("gives IPv6 alone, and says that the cluster needs the other", async () => {
    const bench = start({ forLink: () => ({ kind: "ipv6", ipv6: IPV6 }) });
    await pass(1);
    expect(bench.kernel.calls.slice(-2)).toEqual(applied);
    expect(root.read("/proc/sys/net/ipv6/conf/eth0/disable_ipv6")).toBe("0\n");
    expect(nic(bench)).toMatchObject({ ...IPV6_ALONE, text: `2001:db8::5, ${IPV6_ALONE.text}` });
    expect(bench.kernel.network.sockets.size).toBe(0);
  });

  test("has no lease waited for with IPv6 alone, and gives it once", async () => {
    const bench = start({ forLink: () => ({ kind: "ipv6", ipv6: IPV6 }) });
    bench.kernel.network.events.push({ kind: "changed", link: { ...ETH0, mtu: 1_400 } });
    await settle();
    expect(nic(bench)).toMatchObject({ idle: "for good", link: { mtu: 1_400 } });
    expect(bench.kernel.calls.filter((call) => call === applied[0])).toHaveLength(1);
  });

  test("asks for a lease after all where IPv6 alone was of words that count for nothing", async () => {
    const answers: LinkPlan[] = [{ kind: "ipv6", ipv6: IPV6 }, { kind: "dhcp" }];
    const bench = start({ forLink: () => answers.shift() ?? idle("late") });
    bench.kernel.network.events.push({ kind: "changed", link: ETH0 });
    await settle();
    await lease(bench);
    expect(primary(bench.probe)).toBe("eth0");
  });

  test("gives IPv6 beside a lease, once, and what was asked for in the lease", async () => {
    const amend = (granted: Lease): Lease => ({ ...granted, dns: ["10.7.7.7"] });
    const bench = start({ forLink: () => ({ kind: "dhcp", amend, ipv6: IPV6 }) });
    await lease(bench);
    for (let second = 0; second < 11; second++) await pass(1_000);
    await lease(bench);
    expect(bench.probe.primaryNic()?.lease?.dns).toEqual(["10.7.7.7"]);
    expect(bench.kernel.calls.filter((call) => call === applied[0])).toHaveLength(1);
  });

  const wentDownAndUp = async ({ kernel }: Bench): Promise<string[]> => {
    const before = kernel.calls.length;
    for (const carrier of [false, true]) {
      kernel.network.events.push({ kind: "changed", link: { ...ETH0, carrier } });
      await pass(STEADY_MILLISECONDS);
    }
    return kernel.calls.slice(before).filter((call) => call !== "links");
  };

  test("gives IPv6 alone back, which the kernel drops with the link", async () => {
    const bench = start({ forLink: () => ({ kind: "ipv6", ipv6: IPV6 }) });
    await pass(1);
    expect(await wentDownAndUp(bench)).toEqual(applied);
  });

  test("gives IPv6 back beside a lease, with the metric that it has come to; before it there is none", async () => {
    const bench = start({ forLink: () => ({ kind: "dhcp", ipv6: IPV6 }) });
    await pass(1);
    expect(await wentDownAndUp(bench)).not.toContain(applied[0]);
    await pass(1);
    await lease(bench);
    const led = ["add route ::/0 on 2 metric 100", "remove route ::/0 on 2 metric 202"];
    expect(bench.kernel.calls.filter((call) => call.includes("::/0"))).toEqual([applied[1] ?? "", ...led]);
    const restored = (await wentDownAndUp(bench)).filter((call) => call.includes("::"));
    expect(restored).toEqual([applied[0] ?? "", led[0] ?? ""]);
  });

  test("goes on where IPv6 cannot be", async () => {
    const failure = { call: "add 2001", message: "Cannot add address: EACCES" };
    const bench = start({ forLink: () => ({ kind: "ipv6", ipv6: IPV6 }) }, failure);
    await pass(1);
    expect(bench.kernel.calls.at(-1)).toBe(applied[1]!);
    expect(bench.log).toContain("warn: eth0: Cannot add address: EACCES, ignoring");
  });

  test("has its problems shown, and not logged, which it does itself", async () => {
    const problem = "Cannot make bond0: EPERM";
    const { probe, log } = start({ forLink: () => idle(""), problems: () => [problem] });
    await settle();
    expect(probe.problems()).toEqual([problem]);
    expect(log.join("\n")).not.toContain(problem);
  });
});
