/** Several nodes on one virtual network, a socket of this program: it needs no root and changes nothing of the host. */

import type { VmOptions } from "../qemu/arguments.ts";
import { startDhcpServer } from "../qemu/lan/dhcp-server.ts";
import { type Forward, userNetworkMac } from "../qemu/nics.ts";
import { startVm } from "../qemu/vm.ts";
import type { StartOptions } from "./options.ts";

/** The network of the documents: node 1 is 192.168.1.1. */
const NETWORK = "192.168.1";
const SERVER = `${NETWORK}.254`;
/** Where ports of this machine come in; no node has this address. */
const GATEWAY = `${NETWORK}.253`;
const LEASE_SECONDS = 3_600;
/** A page of the screen has room for so many. */
const MOST_JOBS = 12;

export interface Lan extends AsyncDisposable {
  /** Node 1; the caller starts it, with a console. */
  readonly first: VmOptions;
}

/** Starts the network and every node but the first; all end with it. @throws Error where a node does not start */
export async function startLan(
  machine: VmOptions,
  { nodes, forwards, demo, cpus }: Pick<StartOptions, "nodes" | "forwards" | "demo" | "cpus">,
): Promise<Lan> {
  const stack = new AsyncDisposableStack();
  const server = stack.use(
    startDhcpServer({
      server: SERVER,
      client: (lastByte) => `${NETWORK}.${lastByte}`,
      leaseSeconds: LEASE_SECONDS,
      userNetwork: userNetworkMac(GATEWAY),
    }),
  );
  // Processes move in a cluster with a key.
  const node = demo ? withWords(machine, `clump.key=${crypto.randomUUID()}`) : machine;
  const first = demo ? withWords(node, `clump.demo=${Math.min(nodes * cpus, MOST_JOBS)}`) : node;
  const ids = Array.from({ length: nodes - 1 }, (_, index) => index + 2);
  try {
    for (const id of ids) stack.use(await startVm(onLan(node, id, server.path)));
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
  return {
    first: onLan(first, 1, server.path, forwards),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function withWords(machine: VmOptions, words: string): VmOptions {
  return { ...machine, append: `${machine.append} ${words}` };
}

function onLan(machine: VmOptions, id: number, path: string, forwards: readonly Forward[] = []): VmOptions {
  const forward = { ports: forwards, node: `${NETWORK}.${id}`, gateway: GATEWAY };
  const network = { kind: "socket", path, ...(forwards.length > 0 && { forward }) } as const;
  const mac = `52:54:00:12:34:${id.toString(16).padStart(2, "0")}`;
  return {
    ...machine,
    nics: machine.nics.map((nic) => ({ ...nic, mac, network })),
  };
}
