/** Finds the speed of this machine's processors: measures while the machine idles, until two results agree. */

import { setTimeout } from "node:timers/promises";
import { measureSpeed } from "./speed.ts";

/** The rest of the boot is done this long after the node has its address. */
const FIRST_PAUSE_MILLISECONDS = 3_000;
const LONGEST_PAUSE_MILLISECONDS = 300_000;
/** The time over which the machine must be idle before a measurement. */
const LOOK_MILLISECONDS = 1_000;
/** A machine that is busier than this measures what its processes leave over. */
const IDLE_SHARE = 0.2;
/** A machine that never idles is measured too, after so many looks; that result is never certain. */
const MOST_LOOKS = 10;
/** A measurement is the best of so many: what else runs makes each slower, and none faster. */
const TRIALS = 5;
const BETWEEN_TRIALS_MILLISECONDS = 100;
/** Two results agree where the lower is at least this share of the higher. */
const AGREEMENT = 0.9;

export interface SpeedFinderOptions {
  /** Share of the processors that was busy since the call before, 0 to 1. */
  readonly busy: () => number;
  /** Takes each better result; `isConfirmed` once the result of an idle machine agrees with another, which is the last call. */
  readonly found: (speed: number, isConfirmed: boolean) => void;
  readonly signal: AbortSignal;
  readonly measure?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Resolves when two results agree, or at the signal. Never throws. */
export async function findSpeed(options: SpeedFinderOptions): Promise<void> {
  const { signal } = options;
  const sleep =
    options.sleep ?? ((milliseconds) => setTimeout(milliseconds, undefined, { signal, ref: false }));
  try {
    await measureUntilConfirmed({ ...options, sleep });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

type Finder = SpeedFinderOptions & Required<Pick<SpeedFinderOptions, "sleep">>;

async function measureUntilConfirmed(finder: Finder): Promise<void> {
  const { found, signal, sleep } = finder;
  let best = 0;
  for (let pause = FIRST_PAUSE_MILLISECONDS; !signal.aborted; pause *= 2) {
    await sleep(Math.min(pause, LONGEST_PAUSE_MILLISECONDS));
    const isIdle = await waitUntilIdle(finder);
    const speed = await measureBest(finder);
    const isConfirmed = isIdle && Math.min(speed, best) >= AGREEMENT * Math.max(speed, best);
    if (isConfirmed || speed > best) found(Math.max(speed, best), isConfirmed);
    if (isConfirmed) return;
    best = Math.max(speed, best);
  }
}

/** Gives up on a machine that is never idle; false then. */
async function waitUntilIdle({ busy, sleep }: Finder): Promise<boolean> {
  busy();
  for (let look = 0; look < MOST_LOOKS; look++) {
    await sleep(LOOK_MILLISECONDS);
    if (busy() <= IDLE_SHARE) return true;
  }
  return false;
}

async function measureBest({ measure = () => measureSpeed(() => performance.now()), sleep }: Finder) {
  let best = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    best = Math.max(best, measure());
    await sleep(BETWEEN_TRIALS_MILLISECONDS);
  }
  return best;
}
