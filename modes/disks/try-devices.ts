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
    const change = changeOf(`${root}/dev`, patience, againMilliseconds);
    const isLast = patience.aborted;
    // An attempt may take longer than the patience; devices that failed are then not tried again.
    for (const device of find().filter((each) => !isLast || !refusals.has(each))) {
      const refusal = await attempt(device);
      if (refusal === undefined) return { device };
      refusals.set(device, refusal);
    }
    if (!(await change)) return { refusals };
  }
}

/** The refusals of all devices in one line, or the words for a machine without any device. */
export function describeRefusals(refusals: ReadonlyMap<string, string>, none: string): string {
  if (refusals.size === 0) return none;
  return [...refusals].map(([device, refusal]) => `${device}: ${refusal}`).join("; ");
}

/** Resolves with true at the next change in a folder or after `again` milliseconds, with false at the signal. */
function changeOf(folder: string, signal: AbortSignal, again: number | undefined): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const watcher = watch(folder, () => resolve(true));
  const give = () => resolve(false);
  signal.addEventListener("abort", give);
  if (signal.aborted) give();
  const timer = again === undefined ? undefined : setTimeout(resolve, again, true);
  return promise.finally(() => {
    watcher.close();
    clearTimeout(timer);
    signal.removeEventListener("abort", give);
  });
}
