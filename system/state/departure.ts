/** What process 1 tells the node's screen while guests leave before the machine ends, and what a person answers there. */

import { rmSync } from "node:fs";
import { readOptional, replaceFile } from "../files.ts";
import { isShaped } from "./node-status.ts";
import { PATHS } from "./paths.ts";

export interface Departure {
  /** Seconds after the start of the kernel until which guests have time, or a person for an answer. */
  readonly untilUptime: number;
  /** A sentence for each guest that stays; while there are none, guests are on their way. */
  readonly stays: readonly string[];
  /** What happens to jobs of Slurm meanwhile; absent while guests leave. */
  readonly slurm?: "wait" | "requeue";
}

/** End at once, or give the guests more time. */
export const DEPARTURE_ANSWERS = ["now", "wait"] as const;
export type DepartureAnswer = (typeof DEPARTURE_ANSWERS)[number];

/** @throws the error of the file system */
export function writeDeparture(root: string, departure: Departure): void {
  rmSync(root + PATHS.departureAnswer, { force: true });
  replaceFile(root + PATHS.departure, JSON.stringify(departure));
}

/** `undefined` while the machine does not end. */
export function readDeparture(root: string): Departure | undefined {
  try {
    const value: unknown = JSON.parse(readOptional(root + PATHS.departure) ?? "");
    const isWhole = isShaped(value, {
      untilUptime: (uptime) => typeof uptime === "number",
      stays: (stays) => Array.isArray(stays) && stays.every((stay) => typeof stay === "string"),
      slurm: (how) => [undefined, "wait", "requeue"].includes(how as string | undefined),
    });
    return isWhole ? (value as Departure) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws the error of the file system */
export function answerDeparture(root: string, answer: DepartureAnswer): void {
  replaceFile(root + PATHS.departureAnswer, answer, 0o600);
}

export function readDepartureAnswer(root: string): DepartureAnswer | undefined {
  const text = readOptional(root + PATHS.departureAnswer);
  return DEPARTURE_ANSWERS.find((answer) => answer === text);
}
