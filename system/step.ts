/** Runs the steps of the boot: each has a name, a time limit and one line in the log. */

import { type Log, reason } from "./log.ts";

/** A required step failed: `step` completes "Cannot …". */
export class BootError extends Error {
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(`Cannot ${step}`, { cause });
    this.name = "BootError";
    this.step = step;
  }
}

export interface StepLimit {
  /** Milliseconds after which the boot goes on without the step. */
  readonly within: number;
}

export interface Step {
  /** Runs a step that the boot cannot do without. @throws BootError */
  required<T>(name: string, action: () => T | Promise<T>, limit?: StepLimit): Promise<T>;
  /** Runs a step that the boot survives: a failure is logged once and yields `undefined`. */
  optional<T>(name: string, action: () => T | Promise<T>, limit?: StepLimit): Promise<T | undefined>;
}

/** Default limit, for steps that wait neither for a device nor for the network. */
const DEFAULT_LIMIT: StepLimit = { within: 10_000 };

/** The line that a finished step leaves in the log; the VM tests look for it. */
export function stepLine(name: string, seconds: number): string {
  return `${name}: ok (${seconds.toFixed(3)} s)`;
}

/** `now` gives milliseconds of a clock that never jumps. */
export function createStep(log: Log, now: () => number): Step {
  async function run<T>(name: string, action: () => T | Promise<T>, { within }: StepLimit): Promise<T> {
    const start = now();
    const result = await withLimit(action, within);
    log.info(stepLine(name, (now() - start) / 1000));
    return result;
  }

  return {
    async required(name, action, limit = DEFAULT_LIMIT) {
      try {
        return await run(name, action, limit);
      } catch (error) {
        throw new BootError(name, error);
      }
    },
    async optional(name, action, limit = DEFAULT_LIMIT) {
      try {
        return await run(name, action, limit);
      } catch (error) {
        log.warn(`Cannot ${name}: ${reason(error)}, ignoring`);
        return undefined;
      }
    },
  };
}

async function withLimit<T>(action: () => T | Promise<T>, milliseconds: number): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const late = () => limit.reject(new Error(`not done after ${milliseconds / 1000} s`));
  const timer = setTimeout(late, milliseconds);
  try {
    return await Promise.race([Promise.resolve(action()), limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
