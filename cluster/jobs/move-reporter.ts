/** Tells the other programs of this node what moves, what is away, what stays and why; counts all of it. */

import { readOptional } from "../../system/files.ts";
import {
  FREEZE_BOUNDS,
  JOB_KINDS,
  type JobReport,
  MOVE_OUTCOMES,
  type MoveCounts,
  type MoveOutcome,
  type MovesReport,
  REFUSAL_KINDS,
  type RefusalKind,
  type StayReport,
  writeMoves,
} from "../moves-report.ts";
import { type AwayJob, type GuestRecord, isAlive } from "./record.ts";

/** A process of this node, as /proc has it. */
export interface OwnProcess {
  readonly pid: number;
  readonly startTime: number;
  readonly name: string;
  readonly uid: number;
}

export interface ReporterOptions {
  /** The jobs whose guests run elsewhere. */
  readonly away: () => readonly AwayJob[];
  readonly guests: () => readonly GuestRecord[];
  /** This node's LAN address. */
  readonly own: string;
  readonly write?: (text: string) => void;
  /** The text of /etc/passwd. */
  readonly users?: () => string;
}

/** Processes that stay and are remembered; the latest ones. */
const MOST_STAYS = 100;

export class MoveReporter {
  readonly #options: ReporterOptions;
  /** Processes of this node on their way from home, by pid. */
  readonly #leaving = new Map<number, Omit<JobReport, "user"> & { readonly uid: number }>();
  /** Guests on their way to the node with that LAN address, by job. */
  readonly #onward = new Map<string, string>();
  readonly #stays = new Map<number, Omit<StayReport, "user"> & OwnProcess>();
  readonly #outcomes = zeros(MOVE_OUTCOMES);
  readonly #refusals = zeros(REFUSAL_KINDS);
  readonly #freezes = { buckets: FREEZE_BOUNDS.map(() => 0), sum: 0, count: 0 };
  #bytesSent = 0;
  #written = "";

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** The process is on its way from home to the node with that LAN address. */
  leaves({ pid, name, uid }: OwnProcess, next: string): void {
    const { own } = this.#options;
    this.#leaving.set(pid, {
      kind: "leaving",
      pid,
      name,
      uid,
      address: own,
      next,
      since: Date.now(),
      moves: 0,
    });
    this.update();
  }

  /** The move is over. */
  moved({ pid }: Pick<OwnProcess, "pid">, outcome: Exclude<MoveOutcome, "stayed" | "lost">): void {
    this.#leaving.delete(pid);
    this.#stays.delete(pid);
    this.#outcomes[outcome]++;
    this.update();
  }

  /**
   * A wish that nobody could meet is counted, and not kept beside reasons of processes. A node without room ends no move:
   * the cluster asks the next node at once.
   */
  stayed(process: OwnProcess, kind: RefusalKind, why: string): void {
    this.#leaving.delete(process.pid);
    if (kind !== "room") this.#outcomes.stayed++;
    this.#refusals[kind]++;
    if (kind !== "wish") {
      this.#stays.delete(process.pid);
      this.#stays.set(process.pid, { ...process, why, at: Date.now() });
      const [oldest] = this.#stays.keys();
      if (this.#stays.size > MOST_STAYS && oldest !== undefined) this.#stays.delete(oldest);
    }
    this.update();
  }

  /** A job has died with the node where it was. */
  lost(): void {
    this.#outcomes.lost++;
  }

  /** A guest of another node is on its way to the node with that LAN address, or not any more. */
  guestLeaves(job: string, next: string | undefined): void {
    if (next === undefined) this.#onward.delete(job);
    else this.#onward.set(job, next);
    this.update();
  }

  /** A process has stood still for so many seconds. */
  froze(seconds: number): void {
    const { buckets } = this.#freezes;
    for (const [index, bound] of FREEZE_BOUNDS.entries()) if (seconds <= bound) buckets[index]!++;
    this.#freezes.sum += seconds;
    this.#freezes.count++;
  }

  /** Bytes have gone to another node for a move. */
  sent(bytes: number): void {
    this.#bytesSent += bytes;
  }

  /** Writes the report where it has changed. Called once a second too. */
  update(): void {
    const { write = (text: string) => writeMoves("", text) } = this.#options;
    const text = JSON.stringify(this.#report());
    if (text === this.#written) return;
    this.#written = text;
    try {
      write(text);
    } catch {
      // /run is full: a screen shows the report before, and the next second tries again.
      this.#written = "";
    }
  }

  #report(): MovesReport {
    const { away, guests, own, users = () => readOptional("/etc/passwd") ?? "" } = this.#options;
    // Nobody is named where nothing is away: a node that only waits reads no file.
    let names: ReturnType<typeof userNames> | undefined;
    const userOf = (uid: number) => {
      names ??= userNames(users());
      return names.get(uid) ?? String(uid);
    };
    const leaving = [...this.#leaving.values()].map(({ uid, ...job }) => ({ ...job, user: userOf(uid) }));
    const gone = away().filter(({ node, pid }) => node !== own && !this.#leaving.has(pid));
    for (const [pid, stay] of this.#stays) if (!isAlive(stay)) this.#stays.delete(pid);
    return {
      jobs: [
        ...leaving,
        ...gone.map(({ pid, name, uid, node, next, since, moves }): JobReport => {
          const place = { address: node, ...(next !== undefined && { next }) };
          return { kind: "away", pid, name, user: userOf(uid), ...place, since, moves };
        }),
        ...guests()
          .filter(({ home }) => home !== own)
          .map((guest) => this.#guestReport(guest)),
      ].sort((a, b) => JOB_KINDS.indexOf(a.kind) - JOB_KINDS.indexOf(b.kind)),
      stays: [...this.#stays.values()]
        .map(({ pid, name, uid, why, at }) => ({ pid, name, user: userOf(uid), why, at }))
        .reverse(),
      counts: this.#counts(),
    };
  }

  #guestReport({ job, order, name, home, since, stage }: GuestRecord): JobReport {
    const next = this.#onward.get(job);
    const kind = stage === "runs" ? "guest" : "arriving";
    const place = { address: home, ...(next !== undefined && { next }) };
    return { kind, pid: order.pid, name, user: "", ...place, since, moves: 0 };
  }

  #counts(): MoveCounts {
    return {
      outcomes: this.#outcomes,
      refusals: this.#refusals,
      freezes: this.#freezes,
      bytesSent: this.#bytesSent,
    };
  }
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}

/** The names of users by number, passwd(5); the first name of a number holds. */
export function userNames(text: string): Map<number, string> {
  const lines = text.split("\n").map((line) => line.split(":"));
  return new Map(
    lines.reverse().flatMap(([name = "", , uid = ""]) => (/^\d+$/.test(uid) ? [[Number(uid), name]] : [])),
  );
}
