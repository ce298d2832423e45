/** The layout that words ask for, on a machine that records what is asked of it. */

import { afterEach, beforeEach, jest } from "bun:test";
import { createLayout } from "../../../../probes/network-options/layout.ts";
import { readNetworkOptions } from "../../../../probes/network-options/options.ts";
import type { Link } from "../../../../system/kernel/kernel.ts";
import { splitParameters } from "../../../../system/kernel-parameters.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { E1000, makeRoot, type Root, VIRTIO } from "../../../fixtures/root.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";

export const ETH1: Link = { ...ETH0, index: 3, name: "eth1", address: Uint8Array.fromHex("525400123457") };
export const BOND0: Link = { ...ETH0, index: 9, name: "bond0", address: Uint8Array.fromHex("0a0000000001") };
export const OPTIONS = "/sys/class/net/bond0/bonding";

/** A machine of two network cards for each test of a file, with a clock that the tests move; the root of the one there is. */
export function prepareMachines(): () => Root {
  let root: Root;
  beforeEach(() => {
    jest.useFakeTimers();
    root = makeRoot({ ...E1000, ...VIRTIO, [`${OPTIONS}/`]: "" });
  });
  afterEach(() => {
    jest.useRealTimers();
    root[Symbol.dispose]();
  });
  return () => root;
}

export async function layOut(
  root: string,
  words: string,
  { links = [ETH0, ETH1], preferred = [] as string[], driver = 0 as number | "hangs", refused = "" } = {},
) {
  const { promise: settled, resolve: settleDrivers } = Promise.withResolvers<void>();
  const machine = fakeMachine(root);
  machine.kernel.network.current = links;
  machine.children.onSpawn = (child) => {
    child.said = "no such module";
    if (driver !== "hangs") child.finish(driver);
  };
  if (refused) machine.kernel.failures.push({ call: refused, message: "EOPNOTSUPP" });
  const { signal } = new AbortController();
  const plan = createLayout(machine, readNetworkOptions(splitParameters(words)), {
    preferred,
    settled,
    signal,
  });
  await settle();
  let asks = 0;
  plan.watch?.(() => {
    asks += 1;
  });
  const { kernel, log, children } = machine;
  return {
    ...{ plan, kernel, log: log.lines, asks: () => asks },
    driverIsIn: () => children.all[0]?.finish(0),
    commands: children.all.map(({ command }) => command.join(" ")),
    calls: () => kernel.calls.filter((call) => call !== "links"),
    async settle() {
      settleDrivers();
      await settle();
    },
    kinds: () => links.map((link) => plan.forLink(link).kind),
    text(link: Link) {
      const answer = plan.forLink(link);
      return answer.kind === "idle" ? answer.text : answer.kind;
    },
  };
}

export async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await settle();
}
