/** Nodes of one cluster on a wire: node 7 is 192.168.7.7. */

import { holdLock } from "../../assets/build/lock.ts";
import { type DhcpServer, startDhcpServer } from "../../assets/qemu/lan/dhcp-server.ts";
import { timeFactor, type Vm } from "../../assets/qemu/vm.ts";
import { BOOT, bootNode, CONFIGURED, type NodeOptions } from "./node.ts";
import { openShell, output, run, type Talking } from "./shell.ts";

/** A console is slow to ask where machines share a host. */
const ASKING = 10;

/**
 * Waits until no other test has three nodes or more on this machine: two such clusters on two processors keep nodes from
 * hearing each other in time. Tests with fewer nodes run beside.
 */
export async function oneCluster(): Promise<AsyncDisposable> {
  return await holdLock("one-cluster");
}

/** The wire, with the server that gives each node its address. */
export function startLan(): DhcpServer {
  return startDhcpServer({
    server: "192.168.7.254",
    client: (lastByte) => `192.168.7.${lastByte}`,
    leaseSeconds: 3600,
  });
}

/** Starts one node, and waits for nothing. Its processes move only as a test says, unless `append` is another. */
export async function startMember(id: number, path: string, more: Partial<NodeOptions> = {}): Promise<Vm> {
  const mac = `52:54:00:12:34:${id.toString(16).padStart(2, "0")}`;
  const nics = [{ model: "virtio-net-pci", network: { kind: "socket", path }, mac } as const];
  const machine = {
    name: `cluster-${id}`,
    memoryMegabytes: 384,
    append: "expert clump.balance=off",
    ...more,
    nics,
  };
  return await bootNode(machine);
}

/** Boots one node to its shell, as `startMember` starts it. */
export async function bootMember(id: number, path: string, more: Partial<NodeOptions> = {}): Promise<Vm> {
  const vm = await startMember(id, path, more);
  try {
    await vm.console.expect(CONFIGURED, { within: 2 * BOOT.within });
    await openShell(vm, BOOT);
    return vm;
  } catch (error) {
    await vm[Symbol.asyncDispose]();
    throw error;
  }
}

/** Boots the nodes from 1 on, so many, to their shells, until each sees all; they end with `machines`. */
export async function bootCluster(
  count: number,
  path: string,
  more: Partial<NodeOptions>,
  machines: AsyncDisposableStack,
): Promise<Vm[]> {
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const nodes = await Promise.all(ids.map(async (id) => machines.use(await bootMember(id, path, more))));
  const all = new RegExp(`(?:.* up .*\\n){${count}}`);
  for (const node of nodes) await secondsUntil(node, "clump nodes", all, 20);
  return nodes;
}

/** Runs a command until it says so; gives the seconds it took. */
export async function secondsUntil(
  vm: Talking,
  command: string,
  wanted: RegExp,
  within: number,
): Promise<number> {
  const start = performance.now();
  const limit = (within + ASKING) * timeFactor();
  for (;;) {
    const { output: said } = await run(vm, command);
    const seconds = (performance.now() - start) / 1000;
    if (wanted.test(said)) return seconds;
    if (seconds > limit) throw new Error(`Cannot see ${wanted} within ${limit} s:\n${said}`);
    await Bun.sleep(500);
  }
}

/** Lines of the kernel's log, "[   12.345678] …". */
const BOUND = /^\[ *([\d.]+)\] .*-> BOUND/m;
const SEEN = /^\[ *([\d.]+)\] clumpd: node (\d+) \(\S+\) is up$/gm;

/**
 * Seconds from the last lease on the wire until every node had seen every other, by the nodes' own logs and clocks;
 * these agree to a second, as each starts with that of the host.
 */
export async function secondsFromLastLease(nodes: readonly Vm[]): Promise<number> {
  const moments = await Promise.all(nodes.map(readMoments));
  const lastLease = Math.max(...moments.map(({ lease }) => lease));
  return Math.max(...moments.flatMap(({ seen }) => seen)) - lastLease;
}

async function readMoments(vm: Vm): Promise<{ readonly lease: number; readonly seen: readonly number[] }> {
  const said = await output(vm, "dmesg | grep -E 'BOUND|clumpd: node'; date +%s; cat /proc/uptime");
  const [seconds = 0, uptime = 0] = said.split("\n").slice(-3).map(Number.parseFloat);
  const start = seconds - uptime;
  const lease = BOUND.exec(said)?.[1];
  if (lease === undefined) throw new Error(`Cannot find the lease of a node:\n${said}`);
  return {
    lease: start + Number(lease),
    seen: firstOfEach([...said.matchAll(SEEN)]).map(([, at]) => start + Number(at)),
  };
}

/** A node that was held up for long is dead for a while, and then up again. */
function firstOfEach(lines: readonly RegExpExecArray[]): RegExpExecArray[] {
  return lines.filter(([, , node], index) => lines.findIndex(([, , other]) => other === node) === index);
}
