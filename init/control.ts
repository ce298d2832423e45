/** Takes orders from root on this machine: how a network card gets its address, and whether a service runs. */

import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { leaseOf } from "../modes/menu/fixed-address.ts";
import { DONE, type Order, parseOrder } from "../modes/menu/order.ts";
import { PLAIN_SERVE, type ServeRequest } from "../modes/serve/serve-request.ts";
import type { Service } from "../modes/service.ts";
import { servicesOf } from "../modes/services.ts";
import type { NetworkProbe } from "../probes/network.ts";
import { reason } from "../system/log.ts";
import type { Machine } from "../system/machine.ts";
import { PATHS, RUN_FOLDER } from "../system/state/paths.ts";

import type { AskJobs } from "./end/send-all-home.ts";
import type { BootOptions } from "./options/boot-options.ts";
import { settingOf } from "./services/start-services.ts";
import type { Supervisor } from "./services/supervisor.ts";
import { fetchServeFiles } from "./steps/serve-files.ts";

export interface OrderContext {
  readonly options: Pick<
    BootOptions,
    "eject" | "serve" | "shellPassword" | "ssh" | "discovery" | "control" | "guests"
  >;
  readonly node: {
    /** Absent where nothing is configured. */
    readonly network: Pick<NetworkProbe, "configure" | "makePrimary"> | undefined;
    showServing(request: ServeRequest | undefined): void;
  };
  readonly supervisor: Pick<Supervisor, "start" | "stopService">;
  /** Default the daemon of moves. */
  readonly askJobs?: AskJobs;
}

/** Limit for processes that go home. */
const LEAVE_SECONDS = 60;

/** Longer than any order there is. */
const LONGEST_LINE = 1_000;

/** Listens until the signal; one line is one order, and one line the answer. @throws the error of the socket */
export function serveControlSocket(
  machine: Machine,
  { signal, ...context }: OrderContext & { readonly signal: AbortSignal },
): void {
  const path = machine.root + PATHS.initSocket;
  mkdirSync(machine.root + RUN_FOLDER, { recursive: true });
  rmSync(path, { force: true });
  const orders = new OrderQueues(machine, context);
  const listener = Bun.listen<{ said: string }>({
    unix: path,
    socket: {
      open: (socket) => {
        socket.data = { said: "" };
      },
      data: (socket, bytes) => {
        const lines = (socket.data.said + bytes.toString()).split("\n");
        socket.data.said = lines.pop() ?? "";
        if (socket.data.said.length > LONGEST_LINE) socket.end();
        for (const line of lines) orders.add(line, (answer) => void socket.write(`${answer}\n`));
      },
    },
  });
  chmodSync(path, 0o600);
  listener.unref();
  signal.addEventListener("abort", () => listener.stop(true), { once: true });
}

/** Orders of one service or NIC, one after the other: a start that comes while the service still stops starts it. */
class OrderQueues {
  readonly #machine: Machine;
  readonly #context: OrderContext;
  /** The last order of each service or NIC. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(machine: Machine, context: OrderContext) {
    this.#machine = machine;
    this.#context = context;
  }

  add(line: string, reply: (answer: string) => void): void {
    const [, about = ""] = line.trim().split(/\s+/);
    const before = this.#last.get(about) ?? Promise.resolve();
    // Whoever ordered may have hung up meanwhile.
    const done = before.then(async () => reply(await this.#answer(line))).catch(() => {});
    this.#last.set(about, done);
    void done.then(() => this.#last.get(about) === done && this.#last.delete(about));
  }

  async #answer(line: string): Promise<string> {
    try {
      await performOrder(parseOrder(line), this.#machine, this.#context);
      this.#machine.log.info(`ordered by hand: ${line}`);
      return DONE;
    } catch (error) {
      return reason(error);
    }
  }
}

/** @throws Error with a sentence that says why the order cannot be followed */
async function performOrder(order: Order, machine: Machine, context: OrderContext): Promise<void> {
  switch (order.do) {
    case "dhcp":
    case "nic":
    case "static":
      return setUpNic(order, context);
    case "start":
      return await startService(serviceOf(order, context), machine, context);
    case "stop":
      if (order.service === "clumpd" && !order.now) await leaveCluster(context);
      return await stopService(serviceOf(order, context), context);
    default:
      return order satisfies never;
  }
}

function setUpNic(order: Extract<Order, { nic: string }>, { node: { network } }: OrderContext): void {
  if (network === undefined) throw unconfigured(`set up ${order.nic}`);
  if (order.do === "nic") network.makePrimary(order.nic);
  else if (order.do === "dhcp") network.configure(order.nic, { kind: "dhcp" });
  else network.configure(order.nic, { kind: "static", lease: leaseOf(order) });
}

async function startService(
  service: Service,
  machine: Machine,
  { options, node, supervisor }: OrderContext,
): Promise<void> {
  if (service.name !== "clumpserve") return supervisor.start(service);
  // It serves on the primary NIC.
  if (node.network === undefined) throw unconfigured("start clumpserve");
  await fetchServeFiles(machine, { backTheCd: options.eject });
  supervisor.start(service, () => node.showServing(options.serve ?? PLAIN_SERVE));
}

/** Other nodes take a node without clumpd for gone, and end what has moved there or from there. */
async function leaveCluster({ askJobs }: OrderContext): Promise<void> {
  const { promise: isLate, reject } = Promise.withResolvers<never>();
  const late = () => reject(new Error(`processes that have moved are not home within ${LEAVE_SECONDS} s`));
  const timer = setTimeout(late, 1_000 * LEAVE_SECONDS);
  try {
    const { sendAllHome } = await import("./end/send-all-home.ts");
    await Promise.race([sendAllHome(askJobs), isLate]);
  } catch (error) {
    const why = reason(error).replaceAll("\n", "; ");
    throw new Error(`Cannot stop clumpd: ${why}; clump stop clumpd now ends these processes`);
  } finally {
    clearTimeout(timer);
  }
}

async function stopService({ name }: Service, { node, supervisor }: OrderContext): Promise<void> {
  if (!(await supervisor.stopService(name))) throw new Error(`Cannot stop ${name}: it does not run`);
  if (name === "clumpserve") node.showServing(undefined);
}

function unconfigured(what: string): Error {
  return new Error(`Cannot ${what}: this mode leaves the network alone, and another was wanted`);
}

/** The service that an order names. */
function serviceOf(order: Extract<Order, { do: "start" | "stop" }>, { options }: OrderContext): Service {
  const setting = settingOf({ ...options, serve: options.serve ?? PLAIN_SERVE }, [], undefined);
  // With a request to serve, each service by hand is one service.
  return servicesOf([order.service], setting)[0]!;
}
