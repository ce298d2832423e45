/** What the daemon of moves tells the other programs of this node, as JSON: each job, each move, each refusal. */

import { statSync } from "node:fs";
import { readOptional, replaceFile } from "../system/files.ts";
import { isShaped } from "../system/state/node-status.ts";
import { PATHS } from "../system/state/paths.ts";

/** What is on its way from home or to this node, what is away, and guests. */
export const JOB_KINDS = ["leaving", "arriving", "away", "guest"] as const;

/** A process of this node that is away or leaves, or a guest. Times are milliseconds since 1970. */
export interface JobReport {
  readonly kind: (typeof JOB_KINDS)[number];
  /** As its home knows it. */
  readonly pid: number;
  readonly name: string;
  /** The name of its user, or the number where the user has no name; empty for a guest. */
  readonly user: string;
  /** The LAN address of the node where the process runs, or of the home of a guest. */
  readonly address: string;
  /** The LAN address of the node that the process is on its way to. */
  readonly next?: string;
  /** When the process came or went, or when its first move began. */
  readonly since: number;
  /** Moves so far; 0 for a guest. */
  readonly moves: number;
}

/** A process that was to move and stays where it is. */
export interface StayReport {
  readonly pid: number;
  readonly name: string;
  readonly user: string;
  /** A sentence without its capital and its full stop. */
  readonly why: string;
  readonly at: number;
}

/** Since the daemon started. */
export interface MoveCounts {
  readonly outcomes: Readonly<Record<MoveOutcome, number>>;
  readonly refusals: Readonly<Record<RefusalKind, number>>;
  readonly freezes: FreezeCounts;
  readonly bytesSent: number;
}

/** Seconds for which processes stood still, as a histogram. */
export interface FreezeCounts {
  /** Freezes of at most so many seconds, for each of FREEZE_BOUNDS. */
  readonly buckets: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** A process left its home, a guest went on to another node, a guest came home, a process stayed, a guest died with its node. */
export const MOVE_OUTCOMES = ["away", "onward", "home", "stayed", "lost"] as const;
export type MoveOutcome = (typeof MOVE_OUTCOMES)[number];

/**
 * What a refusal was about: the wish itself, the other node, its processor, its free memory, the room that it promises, or
 * the process.
 */
export const REFUSAL_KINDS = ["wish", "node", "processor", "memory", "room", "process"] as const;
export type RefusalKind = (typeof REFUSAL_KINDS)[number];

/** Seconds. */
export const FREEZE_BOUNDS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] as const;

/** What screens and commands say where there is no job. */
export const NO_JOBS = "no process of this node is away, and no guest is here";

export interface MovesReport {
  /** What is on its way first, then what is away, then guests. */
  readonly jobs: readonly JobReport[];
  /** The latest first. */
  readonly stays: readonly StayReport[];
  readonly counts: MoveCounts;
}

/** Replaces the report. @throws the error of the file system */
export function writeMoves(root: string, text: string): void {
  replaceFile(root + PATHS.moves, text);
}

/** Reads the report again only after it has changed. */
export class MovesFile {
  readonly #path: string;
  #written = "";
  #report: MovesReport | undefined;

  constructor(root: string) {
    this.#path = root + PATHS.moves;
  }

  /** `undefined` where moves were never used, and for a file that is no report. */
  read(): MovesReport | undefined {
    const stat = statSync(this.#path, { throwIfNoEntry: false, bigint: true });
    const written = stat === undefined ? "" : `${stat.ino} ${stat.mtimeNs}`;
    if (written !== this.#written) {
      this.#written = written;
      this.#report = parseMoves(readOptional(this.#path) ?? "");
    }
    return this.#report;
  }
}

export interface JobNumbers {
  readonly guests: number;
  readonly away: number;
}

/** A process on its way from home is not away, and one on its way here is no guest yet. */
export function countJobs(report: Pick<MovesReport, "jobs"> | undefined): JobNumbers {
  const numberOf = (kind: (typeof JOB_KINDS)[number]) =>
    report?.jobs.filter((job) => job.kind === kind).length ?? 0;
  return { guests: numberOf("guest"), away: numberOf("away") };
}

/** `undefined` for a text that is no report. */
export function parseMoves(text: string): MovesReport | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isMoves(value) ? value : undefined;
}

/** Whether a value, perhaps of another release, has all that screens rely on. */
export function isMoves(value: unknown): value is MovesReport {
  return isShaped(value, {
    jobs: isListOf(isJob),
    stays: isListOf(isStay),
    counts: (counts) =>
      isShaped(counts, {
        outcomes: isNumbers(MOVE_OUTCOMES),
        refusals: isNumbers(REFUSAL_KINDS),
        freezes: isFreezes,
        bytesSent: isNumber,
      }),
  });
}

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === "number";
const isText: Check = (value) => typeof value === "string";
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isNumbers =
  (names: readonly string[]): Check =>
  (value) =>
    isShaped(value, Object.fromEntries(names.map((name) => [name, isNumber])));

const isJob: Check = (value) =>
  isShaped(value, {
    ...{ pid: isNumber, name: isText, user: isText, address: isText, since: isNumber, moves: isNumber },
    kind: (kind) => JOB_KINDS.some((each) => each === kind),
    next: (next) => next === undefined || isText(next),
  });
const isStay: Check = (value) =>
  isShaped(value, { pid: isNumber, name: isText, user: isText, why: isText, at: isNumber });
const isFreezes: Check = (value) =>
  isShaped(value, {
    ...{ sum: isNumber, count: isNumber },
    buckets: (buckets) =>
      isListOf(isNumber)(buckets) && (buckets as unknown[]).length === FREEZE_BOUNDS.length,
  });
