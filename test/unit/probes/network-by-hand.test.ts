import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { leaseOf } from "../../../modes/menu/fixed-address.ts";
import { startNetwork } from "../../../probes/network.ts";
import type { Link } from "../../../system/kernel/kernel.ts";
import { answerDhcp } from "../../fixtures/dhcp-server.ts";
import { ETH0 } from "../../fixtures/lease.ts";
import { E1000, makeRoot, type Root, VIRTIO } from "../../fixtures/root.ts";
import { fakeMachine, settle } from "../../lib/fake-kernel.ts";

let root: Root;

beforeEach(() => {
  jest.useFakeTimers();
  root = makeRoot(E1000);
});
afterEach(() => {
  jest.useRealTimers();
  root[Symbol.dispose]();
});

const FIXED = {
  kind: "static",
  lease: leaseOf({ address: "10.8.0.5", prefix: 24, gateway: "10.8.0.1", nameServers: [] }),
} as const;

/** Interfaces of which eth0 has a lease. */
async function leased(...links: Link[]) {
  const { kernel, ...machine } = fakeMachine(root.path);
  kernel.network.current = links.length > 0 ? links : [ETH0];
  const probe = startNetwork(
    { kernel, ...machine },
    { signal: new AbortController().signal, changed: () => {} },
  );
  await lease("10.9.0.50");

  async function lease(address: string): Promise<void> {
    jest.advanceTimersByTime(1);
    await settle();
    for (const type of ["OFFER", "ACK"] as const) await answerDhcp(kernel.network, 2, { type, address });
    // The time in which nobody says that the address is taken.
    jest.advanceTimersByTime(200);
    await settle();
  }

  const address = () => probe.primaryNic()?.lease?.address;
  const since = (mark: number) => kernel.calls.slice(mark);
  return { kernel, probe, lease, address, since };
}

describe("configure()", () => {
  test("takes off what DHCP gave, and applies an address given by hand", async () => {
    const { kernel, probe, address, since } = await leased();
    expect(address()).toBe("10.9.0.50");
    const mark = kernel.calls.length;
    probe.configure("eth0", FIXED);
    expect(since(mark)).toContain("remove 10.9.0.50/24 from 2");
    expect(since(mark)).toContain("add 10.8.0.5/24 to 2");
    expect(since(mark)).toContain("add route 0.0.0.0/0 on 2 metric 100");
    expect([address(), probe.nics()[0]?.state]).toEqual(["10.8.0.5", "BOUND"]);
    expect(kernel.network.sockets.get(2)?.isClosed).toBe(true);
  });

  test("goes back to DHCP", async () => {
    const { kernel, probe, lease, address, since } = await leased();
    probe.configure("eth0", FIXED);
    const mark = kernel.calls.length;
    probe.configure("eth0", { kind: "dhcp" });
    expect(since(mark)).toContain("remove 10.8.0.5/24 from 2");
    expect(address()).toBeUndefined();
    await lease("10.9.0.51");
    expect(address()).toBe("10.9.0.51");
  });

  test("counts also for the interface when it comes back", async () => {
    const { kernel, probe, address } = await leased();
    probe.configure("eth0", FIXED);
    kernel.network.events.push({ kind: "removed", link: ETH0 });
    await settle();
    expect(address()).toBeUndefined();
    kernel.network.events.push({ kind: "changed", link: ETH0 });
    await settle();
    expect(address()).toBe("10.8.0.5");
  });

  test("says which there are where there is none of that name", async () => {
    const { probe } = await leased();
    const complaint = "Cannot set up eth7: no network interface has that name, eth0 was wanted";
    expect(() => probe.configure("eth7", FIXED)).toThrow(complaint);
  });
});

describe("makePrimary()", () => {
  const ETH1 = { ...ETH0, index: 3, name: "eth1", address: Uint8Array.fromHex("525400123457") };

  test("has another interface make the node once it has an address", async () => {
    root.write(VIRTIO);
    const { probe, address } = await leased(ETH0, ETH1);
    probe.makePrimary("52:54:00:12:34:57");
    expect(address()).toBe("10.9.0.50");
    probe.configure("eth1", FIXED);
    expect([address(), probe.choice()]).toEqual(["10.8.0.5", "requested by clump nic eth1"]);
    probe.makePrimary("eth0");
    expect(address()).toBe("10.9.0.50");
  });

  test("names the order that asked for one that is gone", async () => {
    root.write(VIRTIO);
    const { kernel, probe } = await leased(ETH0, ETH1);
    probe.makePrimary("eth1");
    kernel.network.events.push({ kind: "removed", link: ETH1 });
    await settle();
    expect(probe.problems()).toEqual([
      "Cannot use clump nic eth1: no network interface has that name, and there is eth0 or enp0s3",
    ]);
  });

  test("says which there are where there is none of that name", async () => {
    const { probe } = await leased();
    expect(() => probe.makePrimary("eth7")).toThrow("Cannot set up eth7: no network interface has that name");
  });
});
