/** Tries one device after another, devices that appear later included. */

import { watch } from "node:fs";

export interface Tries {
  /** The folder of the machine's files. */
  readonly root: string;
  /** Lists the present devices, as "/dev/sda1". */
  readonly find: () => readonly string[];
  /** Returns the reason of a failure, undefined for success. */
  readonly attempt: (device: string) => Promise<string | undefined>;
  /** Time for a device to appear; after it only devices that were never tried are tried. */
  readonly patienceMilliseconds: number;
  /** Interval of trying all devices again without an event; never without it. */
  readonly againMilliseconds?: number;
}

/** Returns the first device whose attempt succeeded, or the refusals of all. */
export async function tryDevices(
  tries: Tries,
): Promise<{ readonly device: string } | { readonly refusals: ReadonlyMap<string, string> }> {
  const { root, find, attempt, patienceMilliseconds, againMilliseconds } = tries;
  const patience = AbortSignal.timeout(patienceMilliseconds);
  const refusals = new Map<string, string>();
  for (;;) {
    const isLast = patience.aborted;
    const change = isLast ? undefined : changeOf(`${root}/dev`, patience, againMilliseconds);
    // An attempt may take longer than the patience: the last round tries devices that appeared meanwhile, and no other.
    for (const device of find().filter((each) => !isLast || !refusals.has(each))) {
      const refusal = await attempt(device);
      if (refusal === undefined) return { device };
      refusals.set(device, refusal);
    }
    if (change === undefined) return { refusals };
    await change;
  }
}

/** The refusals of all devices in one line, or the words for a machine without any device. */
export function describeRefusals(refusals: ReadonlyMap<string, string>, none: string): string {
  if (refusals.size === 0) return none;
  return [...refusals].map(([device, refusal]) => `${device}: ${refusal}`).join("; ");
}

/** Resolves at the next change in a folder, after `again` milliseconds, or at the signal. */
function changeOf(folder: string, signal: AbortSignal, again: number | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const give = () => resolve();
  const watcher = watch(folder, give);
  signal.addEventListener("abort", give);
  const timer = again === undefined ? undefined : setTimeout(give, again);
  return promise.finally(() => {
    watcher.close();
    clearTimeout(timer);
    signal.removeEventListener("abort", give);
  });
}
