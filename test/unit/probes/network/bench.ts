/** The network of one machine whose interfaces are said, with time that a test moves. */

import { jest } from "bun:test";
import { type NetworkProbe, type NetworkProbeOptions, startNetwork } from "../../../../probes/network.ts";
import type { Link } from "../../../../system/kernel/kernel.ts";
import { answerDhcp } from "../../../fixtures/dhcp-server.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { E1000, makeRoot, type Root, VIRTIO } from "../../../fixtures/root.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";

export let root: Root;

/** Before each test. */
export function prepare(): void {
  jest.useFakeTimers();
  root = makeRoot({
    ...E1000,
    ...VIRTIO,
    "/proc/sys/net/ipv6/conf/eth0/disable_ipv6": "0\n",
    "/proc/sys/net/ipv4/conf/all/": "",
    "/sys/class/net/br0/type": "1\n",
    "/sys/class/net/lo/type": "772\n",
  });
}

/** After each test. */
export function cleanUp(): void {
  jest.useRealTimers();
  root[Symbol.dispose]();
}

export const ETH1: Link = { ...ETH0, index: 3, name: "eth1", address: Uint8Array.fromHex("525400123457") };
export const LO: Link = { ...ETH0, index: 1, name: "lo", type: 772, up: false };

export function start(
  links: Link[],
  options: Partial<NetworkProbeOptions> = {},
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
    nameAt: () => "node77",
    ...options,
    signal: abort.signal,
    changed,
  });
  return { kernel, log: log.lines, probe, abort, changes: () => changes };
}

export async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await settle();
}

export type Bench = ReturnType<typeof start>;

export async function lease(
  { kernel }: Bench,
  index: number,
  address: string,
  seconds = 3_600,
): Promise<void> {
  await pass(1);
  for (const type of ["OFFER", "ACK"] as const) {
    await answerDhcp(kernel.network, index, { type, address, seconds });
  }
  await pass(50);
}

export const primary = (probe: NetworkProbe) => probe.primaryNic()?.link.name;
export const routes = ({ kernel }: Bench) => kernel.calls.filter((call) => /^add route .* on \d/.test(call));
