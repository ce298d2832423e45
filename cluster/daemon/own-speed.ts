/** This node's speed as its daemon finds it, unless a person sets it first. */

import { busyShare, parseTicks, type Ticks } from "../../probes/processors.ts";
import { STANDARD_SPEED } from "../../probes/speed.ts";
import { findSpeed } from "../../probes/speed-finder.ts";
import { readOptional } from "../../system/files.ts";
import { type Log, reason } from "../../system/log.ts";
import type { OwnState } from "./own-state.ts";

/** Measures in the background until the speed is known, or until the signal. Never throws. */
export async function findOwnSpeed(context: {
  readonly root: string;
  readonly log: Log;
  readonly state: () => OwnState;
  readonly setState: (state: OwnState) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { root, log, state, setState, signal } = context;
  if (state().isSpeedKnown) return;
  const ticks = () => parseTicks(readOptional(`${root}/proc/stat`) ?? "");
  const busy = createBusyMeter(ticks);
  const found = (speed: number, isConfirmed: boolean) => {
    // A person may have set the speed meanwhile.
    if (state().isSpeedKnown) return;
    const trust = isConfirmed ? "two measurements agree" : "not certain, to be measured again";
    log.info(`this node's speed is ${speed} (${trust}); ${STANDARD_SPEED} is the standard processor`);
    setState({ ...state(), speed, isSpeedKnown: isConfirmed });
  };
  try {
    await findSpeed({ busy, found, signal });
  } catch (error) {
    log.warn(`Cannot measure the speed of this node: ${reason(error)}, ignoring`);
  }
}

function createBusyMeter(read: () => Ticks): () => number {
  let before = read();
  return () => {
    const now = read();
    const share = busyShare(before, now);
    before = now;
    return share;
  };
}
