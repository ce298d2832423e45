/** Keeps a mode's services running: starts them in order, restarts services that die, and stops all together. */

import type { Service } from "../../modes/service.ts";
import { type ServiceMachine, Supervised } from "./supervised.ts";

export interface SupervisorOptions extends Omit<ServiceMachine, "socketOn"> {
  /** Opens a socket that listens on a TCP port. @throws SyscallError */
  readonly listen: (port: number) => number;
}

export class Supervisor {
  readonly #machine: ServiceMachine;
  readonly #running = new Map<string, Supervised>();
  /** By port; kept open from one run of a service to the next, so that no client is turned away between them. */
  readonly #sockets = new Map<number, number>();
  #isEnding = false;

  constructor({ listen, ...machine }: SupervisorOptions) {
    this.#machine = { ...machine, socketOn: (port) => this.#socketOn(port, listen) };
  }

  /**
   * Starts a service, unless a service of its name runs already; those it comes after are ready first. `ready` is called
   * when the service is ready for the first time.
   */
  start(service: Service, ready = () => {}): void {
    if (this.#isEnding || this.#running.has(service.name)) return;
    const before = (service.after ?? []).flatMap((name) => this.#running.get(name) ?? []);
    const supervised = new Supervised(service, before, this.#machine);
    this.#running.set(service.name, supervised);
    void supervised.ready.then(ready);
  }

  /** Stops one service until it is started again; says whether it was there. Resolves when it has ended. */
  async stopService(name: string): Promise<boolean> {
    const supervised = this.#running.get(name);
    if (supervised === undefined) return false;
    await supervised.stop();
    if (this.#running.get(name) === supervised) this.#running.delete(name);
    return true;
  }

  /** Stops every service at once: none needs another to end. Resolves when all have ended. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    await Promise.all([...this.#running.values()].map((supervised) => supervised.stop()));
  }

  #socketOn(port: number, listen: (port: number) => number): number {
    const socket = this.#sockets.get(port) ?? listen(port);
    this.#sockets.set(port, socket);
    return socket;
  }
}
