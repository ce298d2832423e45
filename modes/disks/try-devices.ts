/** One device after the other, those that come later too. */

import { watch } from "node:fs";

export interface Tries {
  /** Where the machine's files are. */
  readonly root: string;
  /** The devices there are now: "/dev/sda1". */
  readonly find: () => readonly string[];
  /** Why a device does not do; nothing where it did. */
  readonly attempt: (device: string) => Promise<string | undefined>;
  /** How long one may take to come; then only those that were never tried are. */
  readonly patienceMilliseconds: number;
  /** How soon all are tried again when none has come or gone; not at all when it is absent. */
  readonly againMilliseconds?: number;
}

/** The first device that does, or why each does not. */
export async function tryDevices(
  tries: Tries,
): Promise<{ readonly device: string } | { readonly refusals: ReadonlyMap<string, string> }> {
  const { root, find, attempt, patienceMilliseconds, againMilliseconds } = tries;
  const patience = AbortSignal.timeout(patienceMilliseconds);
  const refusals = new Map<string, string>();
  for (;;) {
    const change = changeOf(`${root}/dev`, patience, againMilliseconds);
    const isLast = patience.aborted;
    // An attempt may take longer than the patience: those that failed are not to take as long again.
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

/** Resolves with true at the next change in a folder, or when it is time, with false at the signal. */
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
