/** One service and its runs: started, started again when it dies, stopped. */

import { closeSync, constants, openSync } from "node:fs";
import type { Service } from "../../modes/service.ts";
import {
  type Child,
  type ChildEnd,
  type ChildOptions,
  type Children,
  describeEnd,
} from "../../system/children.ts";
import type { Processes } from "../../system/kernel/kernel.ts";
import { type Log, reason } from "../../system/log.ts";
import { hearsReady } from "../../system/readiness.ts";

const FIRST_DELAY_MILLISECONDS = 200;
const LONGEST_DELAY_MILLISECONDS = 30_000;
/** A service that ran for this long is healthy: the delay after its next failure is the first one again. */
const HEALTHY_MILLISECONDS = 10_000;
/** Time between SIGTERM and SIGKILL for a service. */
const STOP_LIMIT_MILLISECONDS = 2_000;
/** Limit of the wait for the readiness of another service: a web view without clumpd is better than none. */
const READY_LIMIT_MILLISECONDS = 10_000;

/** What a service needs of the machine. */
export interface ServiceMachine {
  readonly children: Pick<Children, "spawn">;
  readonly kernel: Pick<Processes, "pipe">;
  readonly log: Log;
  /** The socket that listens on a TCP port. @throws SyscallError */
  readonly socketOn: (port: number) => number;
  /** Called when a service that may end the node has ended by itself with status 0. */
  readonly powerOff: (service: Service) => void;
}

export class Supervised {
  readonly #service: Service;
  readonly #machine: ServiceMachine;
  readonly #stopping = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  /** Resolves when the service has stopped for good. */
  readonly #done: Promise<void>;
  /** The child of the newest run. */
  #child: Child | undefined;

  /** Starts the service once those before it are ready. */
  constructor(service: Service, before: readonly Supervised[], machine: ServiceMachine) {
    this.#service = service;
    this.#machine = machine;
    this.#done = this.#keepRunning(before);
  }

  /** Resolves when the service is ready for the first time; never where it is stopped before. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Stops the service. Resolves when it has stopped for good. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // An interactive shell ignores SIGTERM; SIGHUP is what the loss of its terminal would send.
    this.#child?.kill("SIGHUP");
    this.#child?.kill("SIGTERM");
    const killer = setTimeout(() => this.#child?.kill("SIGKILL"), STOP_LIMIT_MILLISECONDS);
    await this.#done;
    clearTimeout(killer);
  }

  async #keepRunning(before: readonly Supervised[]): Promise<void> {
    const { signal } = this.#stopping;
    for (const each of before) await this.#waitFor(each);
    let delay = FIRST_DELAY_MILLISECONDS;
    while (!signal.aborted) {
      const start = performance.now();
      const end = await this.#runOnce();
      if (signal.aborted) return;
      if (this.#service.whenDone === "power off" && end?.status === 0)
        return this.#machine.powerOff(this.#service);
      if (performance.now() - start >= HEALTHY_MILLISECONDS) delay = FIRST_DELAY_MILLISECONDS;
      this.#reportEnd(end, delay);
      await pause(delay, signal);
      delay = Math.min(2 * delay, LONGEST_DELAY_MILLISECONDS);
    }
  }

  /** Waits until another service is ready, but not for ever, nor longer than until the stop. */
  async #waitFor(other: Supervised): Promise<void> {
    const waiting = new AbortController();
    const signal = AbortSignal.any([waiting.signal, this.#stopping.signal]);
    const ready = other.ready.then(() => "ready");
    const first = await Promise.race([ready, pause(READY_LIMIT_MILLISECONDS, signal)]);
    waiting.abort();
    if (first === "ready" || this.#stopping.signal.aborted) return;
    const limit = READY_LIMIT_MILLISECONDS / 1_000;
    this.#machine.log.warn(
      `${other.#service.name} is not ready after ${limit} s, starting ${this.#service.name} all the same`,
    );
  }

  async #runOnce(): Promise<ChildEnd | undefined> {
    const { name } = this.#service;
    const running = new AbortController();
    let terminal: number | undefined;
    try {
      terminal = openTerminal(this.#service.console);
      this.#child = this.#spawn(this.#options(terminal), running.signal);
      return await this.#child.ended;
    } catch (error) {
      this.#machine.log.warn(`Cannot start ${name}: ${reason(error)}, trying again`);
      return undefined;
    } finally {
      running.abort();
      if (terminal !== undefined) closeSync(terminal);
    }
  }

  /** A service that reports nothing is ready as soon as it runs. */
  #spawn(options: ChildOptions, signal: AbortSignal): Child {
    const { children, kernel } = this.#machine;
    const { command, reportsReady = false } = this.#service;
    if (!reportsReady) {
      const child = children.spawn(command, options);
      this.#ready.resolve();
      return child;
    }
    const { writer, closeWriter, bytes } = kernel.pipe(signal);
    void this.#hear(bytes);
    try {
      return children.spawn(command, { ...options, descriptors: [writer] });
    } finally {
      closeWriter();
    }
  }

  #options(terminal: number | undefined): ChildOptions {
    const { environment = {}, listens } = this.#service;
    return {
      environment,
      ...(terminal !== undefined && { terminal }),
      ...(listens !== undefined && { input: this.#machine.socketOn(listens) }),
    };
  }

  async #hear(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const { log } = this.#machine;
    const { name } = this.#service;
    try {
      if (!(await hearsReady(bytes)) || this.#stopping.signal.aborted) return;
      this.#ready.resolve();
      log.info(`${name} is ready`);
    } catch (error) {
      log.warn(`Cannot hear whether ${name} is ready: ${reason(error)}, ignoring`);
    }
  }

  /** A service with a listening socket may end with status 0 while it has no connection. */
  #reportEnd(end: ChildEnd | undefined, delay: number): void {
    const isIdle = this.#service.listens !== undefined && end?.status === 0;
    if (end === undefined || isIdle) return;
    const words = `${this.#service.name} ended with ${describeEnd(end)}, starting it again in ${delay / 1_000} s`;
    this.#machine.log.warn(words);
  }
}

/** O_NOCTTY keeps the console from becoming the controlling terminal of process 1; consoles have CLOCAL set. */
function openTerminal(path: string | undefined): number | undefined {
  return path === undefined ? undefined : openSync(path, constants.O_RDWR | constants.O_NOCTTY);
}

/** Waits, but not longer than until the signal. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const stop = () => resolve();
  signal.addEventListener("abort", stop);
  await promise;
  signal.removeEventListener("abort", stop);
  clearTimeout(timer);
}
