/** What came before, of a process that moves by itself. */

import { processorSecondsOf } from "../../probes/processes/process.ts";
import { STANDARD_SPEED } from "../../probes/speed.ts";

export interface History {
  /** Seconds of a standard processor that the process has used before it came here. */
  readonly used: number;
  /** Moves, the one to here among them. */
  readonly moves: number;
}

const NONE: History = { used: 0, moves: 0 };

/** The history with which the process `pid`, and all that descend from it, leave a node of that speed. */
export function historyAfter(pid: number, speed = STANDARD_SPEED, before = NONE): History {
  const used = (speed / STANDARD_SPEED) * processorSecondsOf("", pid);
  return { used: before.used + used, moves: before.moves + 1 };
}

export function isHistory(value: unknown): boolean {
  const { used, moves } = (value ?? {}) as Record<string, unknown>;
  return typeof used === "number" && used >= 0 && Number.isInteger(moves) && (moves as number) >= 1;
}
