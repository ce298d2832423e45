import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { encodeAnnouncement, encodeProbe } from "../../../../probes/arp/packet.ts";
import type { NetworkPlan } from "../../../../probes/network/plan.ts";
import { STEADY_MILLISECONDS } from "../../../../probes/network/steady-carrier.ts";
import { startNetwork } from "../../../../probes/network.ts";
import { ETH0, LEASE } from "../../../fixtures/lease.ts";
import { E1000, makeRoot, type Root } from "../../../fixtures/root.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";

let root: Root;

beforeEach(() => {
  jest.useFakeTimers();
  root = makeRoot(E1000);
});

afterEach(() => {
  jest.useRealTimers();
  root[Symbol.dispose]();
});

const FIXED = { ...LEASE, address: "10.9.0.7", server: "", seconds: Infinity };
const PLAN: NetworkPlan = { forLink: () => ({ kind: "static", lease: FIXED }) };
const CLAIM = encodeAnnouncement(Uint8Array.fromHex("525400aabbcc"), "10.9.0.7");
const ANNOUNCEMENT = encodeAnnouncement(ETH0.address, "10.9.0.7");
const SENTENCE = "10.9.0.7 of eth0 is the address of 52:54:00:aa:bb:cc too: one of the two must change";

function start({ carrier = true, failing = false, refused = "" } = {}) {
  const machine = fakeMachine(root.path);
  const { network } = machine.kernel;
  network.current = [{ ...ETH0, carrier }];
  if (failing) machine.kernel.failures.push({ call: "guard", message: "EPERM" });
  if (refused) machine.kernel.failures.push({ call: refused, message: "EINVAL" });
  const { signal } = new AbortController();
  const probe = startNetwork(machine, { plan: PLAN, signal, changed: () => {} });
  return {
    network,
    failures: machine.kernel.failures,
    calls: () => machine.kernel.calls,
    log: machine.log.lines,
    probe,
    guard: () => network.guards.get(ETH0.index),
  };
}

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await settle();
}

describe("of a fixed address", () => {
  test("it is asked twice who has it, and nobody's answer changes nothing", async () => {
    const { guard, probe } = start();
    expect(guard()?.sent).toEqual([encodeProbe(ETH0.address, "10.9.0.7")]);
    await pass(1_000);
    expect(guard()?.sent).toHaveLength(2);
    await pass(2_000);
    expect(guard()?.sent.slice(2)).toEqual([ANNOUNCEMENT]);
    expect([guard()?.isClosed, probe.problems(), jest.getTimerCount()]).toEqual([false, [], 0]);
    expect(probe.primaryNic()?.lease?.address).toBe("10.9.0.7");
  });

  test("a claim in mid-life is answered once in ten seconds, and wakes nobody meanwhile", async () => {
    const { guard, probe, calls, log } = start();
    await pass(3_000);
    const first = guard();
    for (let count = 0; count < 2; count++) first?.packets.push(CLAIM);
    await pass(0);
    expect([first?.sent.slice(3), first?.isClosed, probe.problems()]).toEqual([
      [ANNOUNCEMENT],
      true,
      [SENTENCE],
    ]);
    await pass(9_999);
    expect(guard()).toBe(first);
    await pass(1);
    guard()?.packets.push(CLAIM);
    await pass(0);
    expect([guard() !== first, guard()?.sent]).toEqual([true, [ANNOUNCEMENT]]);
    expect(log.filter((line) => line === `warn: ${SENTENCE}`)).toHaveLength(1);
    expect(calls().some((call) => call.startsWith("remove 10.9"))).toBe(false);
  });

  test("it is asked a minute after a claim whether that is over", async () => {
    const { guard, probe, log } = start();
    guard()?.packets.push(CLAIM);
    await pass(0);
    await pass(59_999);
    expect([guard()?.sent, probe.problems()]).toEqual([[], [SENTENCE]]);
    await pass(1);
    guard()?.packets.push(CLAIM);
    await pass(0);
    await pass(60_000);
    expect(guard()?.sent).toEqual([encodeProbe(ETH0.address, "10.9.0.7")]);
    await pass(3_000);
    expect([probe.problems(), guard()?.sent.at(-1), jest.getTimerCount()]).toEqual([[], ANNOUNCEMENT, 0]);
    expect(log.at(-1)).toBe("info: 10.9.0.7 of eth0 is the address of nobody else any more");
  });

  test("nobody is heard while there is no cable, and after another way was asked for", async () => {
    const { guard, network, probe } = start();
    network.events.push({ kind: "changed", link: { ...ETH0, carrier: false } });
    await pass(0);
    expect([guard()?.isClosed, jest.getTimerCount()]).toEqual([true, 0]);
    await pass(STEADY_MILLISECONDS);
    network.events.push({ kind: "changed", link: ETH0 });
    await pass(0);
    const before = guard();
    probe.configure("eth0", { kind: "idle", idle: "for good", text: "" });
    expect([before?.isClosed, jest.getTimerCount()]).toEqual([true, 0]);
  });

  test("another that has it too is named, once", async () => {
    const { guard, probe, log } = start();
    for (let count = 0; count < 2; count++) guard()?.packets.push(CLAIM);
    await pass(0);
    expect(probe.problems()).toEqual([SENTENCE]);
    expect(log.filter((line) => line === `warn: ${SENTENCE}`)).toHaveLength(1);
    expect(probe.primaryNic()?.lease?.address).toBe("10.9.0.7");
  });

  test("that was another's is alone again on another cable", async () => {
    const { guard, probe, network } = start();
    guard()?.packets.push(CLAIM);
    await pass(0);
    for (const carrier of [false, true]) {
      network.events.push({ kind: "changed", link: { ...ETH0, carrier } });
      await pass(STEADY_MILLISECONDS);
    }
    expect(probe.problems()).toEqual([]);
  });

  test("that the kernel refuses is tried again", async () => {
    const { calls, failures, log, probe } = start({ refused: "add 10.9.0.7" });
    expect(log).toContain("warn: Cannot bring up eth0: EINVAL, trying again");
    expect(probe.primaryNic()).toBeUndefined();
    failures.length = 0;
    await pass(1_000);
    expect(probe.primaryNic()?.lease?.address).toBe("10.9.0.7");
    expect(calls().filter((call) => call === "set link 2 up")).toHaveLength(1);
  });

  test("it is asked once there is a cable, and again for another", async () => {
    const { network, guard, calls } = start({ carrier: false });
    expect(guard()).toBeUndefined();
    for (const carrier of [true, false, true]) {
      network.events.push({ kind: "changed", link: { ...ETH0, carrier } });
      await pass(STEADY_MILLISECONDS);
    }
    await pass(3_000);
    expect(guard()?.isClosed).toBe(false);
    expect(calls().filter((call) => call.startsWith("guard"))).toHaveLength(2);
  });

  test("where nobody can be asked, it stays all the same", async () => {
    const { probe, log } = start({ failing: true });
    await pass(5_000);
    expect(log).toContain("warn: Cannot ask on eth0 who has 10.9.0.7: EPERM, ignoring");
    expect([probe.primaryNic()?.lease?.address, jest.getTimerCount()]).toEqual(["10.9.0.7", 0]);
  });
});
