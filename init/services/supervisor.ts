/** Keeps a mode's services running: starts them in order, starts again what dies, stops them together. */

import { closeSync, constants, openSync } from "node:fs";
import type { Service } from "../../modes/service.ts";
import { type Child, type ChildEnd, type Children, describeEnd } from "../../system/children.ts";
import { type Log, reason } from "../../system/log.ts";

const FIRST_DELAY_MILLISECONDS = 200;
const LONGEST_DELAY_MILLISECONDS = 30_000;
/** A service that ran for so long is taken as healthy: its next failure waits the first delay again. */
const HEALTHY_MILLISECONDS = 10_000;
/** What a service gets after SIGTERM before SIGKILL. */
const STOP_LIMIT_MILLISECONDS = 2_000;

export interface Supervisor {
  /** Starts a service, unless one of its name runs already. */
  start(service: Service): void;
  /** Stops one service until it is started again; says whether it was there. Resolves once it has ended. */
  stopService(name: string): Promise<boolean>;
  /** Stops every service at once: none needs another to end. Resolves once all have ended. */
  stop(): Promise<void>;
}

interface Entry {
  /** The newest one. */
  child?: Child;
  /** Resolves once it is not started again. */
  done: Promise<void>;
  readonly stopping: AbortController;
}

export function createSupervisor(options: {
  readonly children: Pick<Children, "spawn">;
  readonly log: Log;
  /** Opens a socket that listens on a TCP port. @throws SyscallError */
  readonly listen: (port: number) => number;
  /** Called when a service that may end the node has ended by itself with status 0. */
  readonly powerOff: (service: Service) => void;
}): Supervisor {
  const { children, log, listen, powerOff } = options;
  const running = new Map<string, Entry>();
  /** By port; kept open from one run of a service to the next, so that nobody is turned away between them. */
  const sockets = new Map<number, number>();
  let isEnding = false;

  async function keepRunning(service: Service, entry: Entry): Promise<void> {
    const { signal } = entry.stopping;
    let delay = FIRST_DELAY_MILLISECONDS;
    while (!signal.aborted) {
      const start = performance.now();
      const end = await runOnce(service, entry);
      if (signal.aborted) return;
      if (service.whenDone === "power off" && end?.status === 0) return powerOff(service);
      if (performance.now() - start >= HEALTHY_MILLISECONDS) delay = FIRST_DELAY_MILLISECONDS;
      const isIdle = service.listens !== undefined && end?.status === 0;
      if (end !== undefined && !isIdle) {
        log.warn(`${service.name} ended with ${describeEnd(end)}, starting it again in ${delay / 1000} s`);
      }
      await pause(delay, signal);
      delay = Math.min(2 * delay, LONGEST_DELAY_MILLISECONDS);
    }
  }

  async function runOnce(service: Service, entry: Entry): Promise<ChildEnd | undefined> {
    let terminal: number | undefined;
    try {
      if (service.console !== undefined) terminal = openTerminal(service.console);
      const input = service.listens === undefined ? undefined : socketOn(service.listens);
      const { environment = {} } = service;
      const child = children.spawn(service.command, {
        environment,
        ...(terminal !== undefined && { terminal }),
        ...(input !== undefined && { input }),
      });
      entry.child = child;
      return await child.ended;
    } catch (error) {
      log.warn(`Cannot start ${service.name}: ${reason(error)}, trying again`);
      return undefined;
    } finally {
      if (terminal !== undefined) closeSync(terminal);
    }
  }

  function socketOn(port: number): number {
    const socket = sockets.get(port) ?? listen(port);
    sockets.set(port, socket);
    return socket;
  }

  /** Waits, but not longer than until the stop. */
  async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    const stop = () => resolve();
    signal.addEventListener("abort", stop);
    await promise;
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
  }

  async function stopOne({ child, done, stopping }: Entry): Promise<void> {
    stopping.abort();
    // An interactive shell ignores SIGTERM; SIGHUP is what the loss of its terminal would send.
    child?.kill("SIGHUP");
    child?.kill("SIGTERM");
    const killer = setTimeout(() => child?.kill("SIGKILL"), STOP_LIMIT_MILLISECONDS);
    await done;
    clearTimeout(killer);
  }

  return {
    start(service) {
      if (isEnding || running.has(service.name)) return;
      const entry: Entry = { done: Promise.resolve(), stopping: new AbortController() };
      running.set(service.name, entry);
      entry.done = keepRunning(service, entry);
    },
    async stopService(name) {
      const entry = running.get(name);
      if (entry === undefined) return false;
      await stopOne(entry);
      if (running.get(name) === entry) running.delete(name);
      return true;
    },
    async stop() {
      isEnding = true;
      await Promise.all([...running.values()].map(stopOne));
    },
  };
}

/** Not to become the controlling terminal of PID 1. A console waits for no carrier: the kernel sets CLOCAL on it. */
function openTerminal(path: string): number {
  return openSync(path, constants.O_RDWR | constants.O_NOCTTY);
}
