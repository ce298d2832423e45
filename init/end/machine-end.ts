/** Requests for the end of the machine: signals of busybox's halt(8) and of the kernel, and the power button. */

import type { MachineEnd } from "../../system/kernel/kernel.ts";
import type { Log } from "../../system/log.ts";

/** halt, poweroff and reboot of busybox signal PID 1 so; the kernel sends SIGINT for Ctrl-Alt-Del. */
export const END_SIGNALS = {
  SIGUSR1: { end: "halt", asker: "halt" },
  SIGUSR2: { end: "power-off", asker: "poweroff" },
  SIGTERM: { end: "restart", asker: "reboot" },
  SIGINT: { end: "restart", asker: "Ctrl-Alt-Del" },
} as const satisfies Partial<Record<NodeJS.Signals, { end: MachineEnd; asker: string }>>;

/** The first request for the end of the machine. */
export class EndRequest {
  readonly #log: Log;
  readonly #requested = Promise.withResolvers<MachineEnd>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Resolves at the first request; later ones change nothing. */
  get requested(): Promise<MachineEnd> {
    return this.#requested.promise;
  }

  ask(end: MachineEnd, asker: string): void {
    this.#log.info(`${asker} asks for ${end}`);
    this.#requested.resolve(end);
  }
}

/** Signals and uncaught errors of process 1. */
export interface ProcessEvents {
  on(event: string, listener: (error: unknown) => void): unknown;
}

/** Turns signals of process 1 into requests. */
export function listenToSignals(request: Pick<EndRequest, "ask">, events: ProcessEvents): void {
  for (const [signal, { end, asker }] of Object.entries(END_SIGNALS)) {
    events.on(signal, () => request.ask(end, asker));
  }
}
