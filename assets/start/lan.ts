/** Several nodes on one virtual network, a socket of this program: it needs no root and changes nothing of the host. */

import type { VmOptions } from "../qemu/arguments.ts";
import { startDhcpServer } from "../qemu/lan/dhcp-server.ts";
import { startVm } from "../qemu/vm.ts";

/** The network of the documents: node 1 is 192.168.1.1. */
const NETWORK = "192.168.1";
const SERVER = `${NETWORK}.254`;
const LEASE_SECONDS = 3_600;

export interface Lan extends AsyncDisposable {
  /** Node 1; the caller starts it, with a console. */
  readonly first: VmOptions;
}

/** Starts the network and every node but the first; all end with it. @throws Error where a node does not start */
export async function startLan(machine: VmOptions, nodes: number): Promise<Lan> {
  const stack = new AsyncDisposableStack();
  const server = stack.use(
    startDhcpServer({
      server: SERVER,
      client: (lastByte) => `${NETWORK}.${lastByte}`,
      leaseSeconds: LEASE_SECONDS,
    }),
  );
  const ids = Array.from({ length: nodes - 1 }, (_, index) => index + 2);
  try {
    for (const id of ids) stack.use(await startVm(onLan(machine, id, server.path)));
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
  return {
    first: onLan(machine, 1, server.path),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function onLan(machine: VmOptions, id: number, path: string): VmOptions {
  const mac = `52:54:00:12:34:${id.toString(16).padStart(2, "0")}`;
  return {
    ...machine,
    nics: machine.nics.map((nic) => ({ ...nic, mac, network: { kind: "socket", path } })),
  };
}
