/** A frame: all that clumpview knows in one second, one line of JSON for `--json`, `--record` and `--recorded`. */

import { isMoves, type MovesReport } from "../../cluster/moves-report.ts";
import { type ClusterView, isView, parseViewJson } from "../../cluster/view.ts";
import { isShaped, isStatus, type NodeStatus } from "../../system/state/node-status.ts";
import type { Sample } from "./sample.ts";
import type { Source } from "./source.ts";

export interface Frame {
  readonly sample: Sample;
  readonly status?: NodeStatus | undefined;
  readonly cluster?: ClusterView | undefined;
  /** Absent where moves were never used. */
  readonly moves?: MovesReport | undefined;
  /** Milliseconds since 1970; absent in frames of older releases. */
  readonly now?: number | undefined;
}

export async function takeFrame(source: Source): Promise<Frame> {
  const sample = await source.sample();
  return {
    sample,
    status: source.status(),
    cluster: source.cluster(),
    moves: source.moves(),
    now: source.now?.() ?? Date.now(),
  };
}

/** Parses a line; undefined for anything but a frame. */
export function parseFrame(line: string): Frame | undefined {
  try {
    const value = parseViewJson(line);
    return isFrame(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFrame(value: unknown): value is Frame {
  const isNumber = (number: unknown) => typeof number === "number";
  const sample = {
    load: isNumber,
    cpus: isNumber,
    memoryUsed: isNumber,
    memoryTotal: isNumber,
    uptime: isNumber,
  };
  return isShaped(value, {
    sample: (each) => isShaped(each, sample),
    status: (status) => status === undefined || isStatus(status),
    cluster: (cluster) => cluster === undefined || isView(cluster),
    moves: (moves) => moves === undefined || isMoves(moves),
    now: (now) => now === undefined || isNumber(now),
  });
}
