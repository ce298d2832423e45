/** Takes orders from root on this machine: how a network card gets its address, and whether a service runs. */

import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { clusterService } from "../modes/cluster-service.ts";
import { leaseOf } from "../modes/menu/fixed-address.ts";
import { DONE, type Order, parseOrder } from "../modes/menu/order.ts";
import { PLAIN_SERVE, type ServeRequest } from "../modes/serve/serve-request.ts";
import { serveService } from "../modes/serve/serve-service.ts";
import type { NetworkProbe } from "../probes/network.ts";
import { reason } from "../system/log.ts";
import type { Machine } from "../system/machine.ts";
import { PATHS, RUN_FOLDER } from "../system/state/paths.ts";
import type { Supervisor } from "./services/supervisor.ts";
import { fetchServeFiles } from "./steps/serve-files.ts";

export interface OrderContext {
  /** Absent where nothing is configured. */
  readonly network: Pick<NetworkProbe, "configure" | "makePrimary"> | undefined;
  readonly supervisor: Pick<Supervisor, "start" | "stopService">;
  /** Whether a CD is given back once what was wanted of it is in memory. */
  readonly ejects: boolean;
  /** What a boot server is started with. */
  readonly serve: ServeRequest;
  /** Called when other PCs are booted as asked, and when they are not any more. */
  readonly serves: (request: ServeRequest | undefined) => void;
}

/** Longer than any order there is. */
const LONGEST_LINE = 1_000;

/** Services that may be started and stopped by hand; the consoles belong to whoever sits there. */
const SERVICES = [clusterService(), serveService(PLAIN_SERVE)];

/** Listens until the signal; one line is one order, and one line the answer. @throws the error of the socket */
export function serveControlSocket(
  machine: Machine,
  context: OrderContext & { readonly signal: AbortSignal },
): void {
  const { root, log } = machine;
  const path = root + PATHS.initSocket;
  mkdirSync(root + RUN_FOLDER, { recursive: true });
  rmSync(path, { force: true });
  const queues = new Map<string, Promise<void>>();
  const listener = Bun.listen<{ said: string }>({
    unix: path,
    socket: {
      open: (socket) => {
        socket.data = { said: "" };
      },
      data: (socket, bytes) => {
        const said = socket.data.said + bytes.toString();
        const lines = said.split("\n");
        socket.data.said = lines.pop() ?? "";
        if (socket.data.said.length > LONGEST_LINE) socket.end();
        for (const line of lines) enqueue(line, () => reply(socket, line));
      },
    },
  });
  chmodSync(path, 0o600);
  listener.unref();
  context.signal.addEventListener("abort", () => listener.stop(true), { once: true });

  /** One after the other of a service or a card: a start that comes while the service still stops is to start it. */
  function enqueue(line: string, act: () => Promise<void>): void {
    const [, about = ""] = line.trim().split(/\s+/);
    const queue = (queues.get(about) ?? Promise.resolve()).then(act).catch(() => {});
    queues.set(about, queue);
    void queue.then(() => queues.get(about) === queue && queues.delete(about));
  }

  async function reply(socket: Bun.Socket<unknown>, line: string): Promise<void> {
    socket.write(`${await answer(line)}\n`);
  }

  async function answer(line: string): Promise<string> {
    try {
      await followOrder(parseOrder(line), machine, context);
      log.info(`ordered by hand: ${line}`);
      return DONE;
    } catch (error) {
      return reason(error);
    }
  }
}

/** @throws Error with a sentence that says why it cannot be followed */
async function followOrder(
  order: Order,
  machine: Machine,
  { network, supervisor, ejects, serve, serves }: OrderContext,
): Promise<void> {
  switch (order.do) {
    case "dhcp":
    case "nic":
    case "static": {
      if (network === undefined) throw unconfigured(`set up ${order.nic}`);
      if (order.do === "nic") return network.makePrimary(order.nic);
      return network.configure(
        order.nic,
        order.do === "dhcp" ? { kind: "dhcp" } : { kind: "static", lease: leaseOf(order) },
      );
    }
    case "start": {
      const service = serviceOf(order);
      if (service.name !== "clumpserve") return supervisor.start(service);
      // It serves on the card that makes the node.
      if (network === undefined) throw unconfigured("start clumpserve");
      await fetchServeFiles(machine, { backTheCd: ejects });
      supervisor.start(serveService(serve));
      return serves(serve);
    }
    case "stop": {
      const { name } = serviceOf(order);
      if (!(await supervisor.stopService(name))) throw new Error(`Cannot stop ${name}: it does not run`);
      if (name === "clumpserve") serves(undefined);
      return;
    }
    default:
      return order satisfies never;
  }
}

function unconfigured(what: string): Error {
  return new Error(`Cannot ${what}: this mode leaves the network alone, and another was wanted`);
}

function serviceOf(order: Extract<Order, { do: "start" | "stop" }>) {
  const service = SERVICES.find(({ name }) => name === order.service);
  if (service !== undefined) return service;
  const names = SERVICES.map(({ name }) => name).join(" or ");
  throw new RangeError(`Cannot ${order.do} ${order.service}: ${names} was wanted`);
}
