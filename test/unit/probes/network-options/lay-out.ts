/** The layout that words ask for, on a machine whose links become what the kernel is told. */

import { afterEach, beforeEach, jest } from "bun:test";
import { renameSync } from "node:fs";
import { createLayout } from "../../../../probes/network-options/layout.ts";
import { readNetworkOptions } from "../../../../probes/network-options/options.ts";
import type { Link } from "../../../../system/kernel/kernel.ts";
import { splitParameters } from "../../../../system/kernel-parameters.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { E1000, makeRoot, type Root, VIRTIO } from "../../../fixtures/root.ts";
import { type FakeNetwork, fakeMachine, settle } from "../../../lib/fake-kernel.ts";

export const ETH1: Link = { ...ETH0, index: 3, name: "eth1", address: Uint8Array.fromHex("525400123457") };
export const OPTIONS = "/sys/class/net/bond0/bonding";
/** Of the first link that the kernel makes; the next ones count on. */
const FIRST_MADE = 9;

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

/** Has links renamed, made and joined as Linux does; the calls are recorded and refused as before. */
export function simulateLinks(root: string, network: FakeNetwork): void {
  const { setLink, addLink } = network;
  const change = (index: number, changed: Partial<Link>): void => {
    network.current = network.current.map((link) => (link.index === index ? { ...link, ...changed } : link));
  };
  network.setLink = (index, wanted) => {
    const { name, master } = wanted;
    const own = network.current.find((link) => link.index === index);
    if (name !== undefined && network.current.some((link) => link.name === name)) throw new Error("EEXIST");
    setLink(index, wanted);
    if (own === undefined) return;
    change(index, wanted);
    if (name !== undefined) renameSync(`${root}/sys/class/net/${own.name}`, `${root}/sys/class/net/${name}`);
    const bond = network.current.find((link) => link.index === master && link.name.startsWith("bond"));
    if (bond === undefined) return;
    // A bond takes the address of its first member, and gives it to all others.
    const isFirst = !network.current.some((link) => link.master === master && link.index !== index);
    if (isFirst) change(bond.index, { address: own.address });
    else change(index, { address: bond.address });
  };
  network.addLink = (link) => {
    if (network.current.some(({ name }) => name === link.name)) throw new Error("EEXIST");
    addLink(link);
    const index = Math.max(FIRST_MADE - 1, ...network.current.map((each) => each.index)) + 1;
    const parent =
      link.kind === "vlan" ? network.current.find((each) => each.index === link.parent) : undefined;
    const address = parent?.address ?? Uint8Array.fromHex("0a0000000001");
    network.current = [...network.current, { ...ETH0, index, name: link.name, address }];
  };
}

export async function layOut(
  root: string,
  words: string,
  { links = [ETH0, ETH1], preferred = [] as string[], driver = 0 as number | "hangs", refused = "" } = {},
) {
  const { promise: settled, resolve: settleDrivers } = Promise.withResolvers<void>();
  const machine = fakeMachine(root);
  const { kernel, log, children } = machine;
  const { network } = kernel;
  network.current = links;
  simulateLinks(root, network);
  children.onSpawn = (child) => {
    child.said = "no such module";
    if (driver !== "hangs") child.finish(driver);
  };
  if (refused) kernel.failures.push({ call: refused, message: "EOPNOTSUPP" });
  const { signal } = new AbortController();
  const plan = createLayout(machine, readNetworkOptions(splitParameters(words)), {
    preferred,
    settled,
    signal,
  });
  let looks = 0;
  const look = (): void => {
    looks += 1;
    plan.reconcile?.();
  };
  plan.watch?.(look);
  await settle();
  look();
  const planOf = (name: string) => {
    const link = network.current.find((each) => each.name === name);
    return link === undefined ? undefined : plan.forLink(link);
  };
  return {
    ...{ plan, kernel, log: log.lines, look, looks: () => looks, planOf },
    driverIsIn: () => children.all[0]?.finish(0),
    commands: children.all.map(({ command }) => command.join(" ")),
    calls: () => kernel.calls.filter((call) => call !== "links"),
    async settle() {
      settleDrivers();
      await settle();
    },
    /** Has links appear, change by their index, or go away. */
    become(...links: Link[]) {
      network.current = links;
      look();
    },
    /** What these links get, by name: "dhcp", or the words for one that is idle. */
    texts: (...names: string[]) =>
      names.map((name) => {
        const answer = planOf(name);
        return answer?.kind === "idle" ? answer.text : answer?.kind;
      }),
  };
}

export async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await settle();
}
