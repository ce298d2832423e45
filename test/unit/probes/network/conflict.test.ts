import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { encodeProbe } from "../../../../probes/dhcp/arp.ts";
import type { NetworkPlan } from "../../../../probes/network/plan.ts";
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
const OTHER = Uint8Array.fromHex("525400aabbcc");
const SENTENCE = "10.9.0.7 of eth0 is the address of 52:54:00:aa:bb:cc too: one of the two must change";

function start({ carrier = true, failing = false, refused = "" } = {}) {
  const machine = fakeMachine(root.path);
  const { network } = machine.kernel;
  network.current = [{ ...ETH0, carrier }];
  if (failing) machine.kernel.failures.push({ call: "open ARP", message: "EPERM" });
  if (refused) machine.kernel.failures.push({ call: refused, message: "EINVAL" });
  const { signal } = new AbortController();
  const probe = startNetwork(machine, { plan: PLAN, signal, changed: () => {} });
  return {
    network,
    failures: machine.kernel.failures,
    calls: () => machine.kernel.calls,
    log: machine.log.lines,
    probe,
    socket: () => network.arpSockets.get(ETH0.index),
  };
}

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await settle();
}

describe("of a fixed address", () => {
  test("it is asked twice who has it, and nobody's answer changes nothing", async () => {
    const { socket, probe } = start();
    expect(socket()?.sent).toEqual([encodeProbe(ETH0.address, "10.9.0.7")]);
    await pass(1_000);
    expect(socket()?.sent).toHaveLength(2);
    await pass(2_000);
    expect([socket()?.isClosed, probe.problems(), jest.getTimerCount()]).toEqual([true, [], 0]);
    expect(probe.clusterNic()?.lease?.address).toBe("10.9.0.7");
  });

  test("another that has it too is named, once", async () => {
    const { socket, probe, log } = start();
    for (let count = 0; count < 2; count++) socket()?.packets.push(encodeProbe(OTHER, "10.9.0.7"));
    await pass(0);
    expect(probe.problems()).toEqual([SENTENCE]);
    expect(log.filter((line) => line === `warn: ${SENTENCE}`)).toHaveLength(1);
    expect(probe.clusterNic()?.lease?.address).toBe("10.9.0.7");
  });

  test("that was another's is alone again on another cable", async () => {
    const { socket, probe, network } = start();
    socket()?.packets.push(encodeProbe(OTHER, "10.9.0.7"));
    await pass(0);
    for (const carrier of [false, true]) network.events.push({ kind: "changed", link: { ...ETH0, carrier } });
    await pass(0);
    expect(probe.problems()).toEqual([]);
  });

  test("that the kernel refuses is tried again", async () => {
    const { calls, failures, log, probe } = start({ refused: "add 10.9.0.7" });
    expect(log).toContain("warn: Cannot bring up eth0: EINVAL, trying again");
    expect(probe.clusterNic()).toBeUndefined();
    failures.length = 0;
    await pass(1_000);
    expect(probe.clusterNic()?.lease?.address).toBe("10.9.0.7");
    expect(calls().filter((call) => call === "set link 2 up")).toHaveLength(1);
  });

  test("it is asked once there is a cable, and again for another", async () => {
    const { network, socket, calls } = start({ carrier: false });
    expect(socket()).toBeUndefined();
    for (const carrier of [true, false, true])
      network.events.push({ kind: "changed", link: { ...ETH0, carrier } });
    await settle();
    await pass(3_000);
    expect(socket()?.isClosed).toBe(true);
    expect(calls().filter((call) => call.startsWith("open ARP"))).toHaveLength(2);
  });

  test("where nobody can be asked, it stays all the same", async () => {
    const { probe, log } = start({ failing: true });
    await pass(5_000);
    expect(log).toContain("warn: Cannot ask on eth0 who has 10.9.0.7: EPERM, ignoring");
    expect([probe.clusterNic()?.lease?.address, jest.getTimerCount()]).toEqual(["10.9.0.7", 0]);
  });
});
