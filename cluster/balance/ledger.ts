/** What the balance of this node remembers from one decision to the next. The ledger has no clock: the caller gives the time. */

import type { NodeView } from "../view.ts";

/** A process, and not a later one with its pid. */
export interface ProcessKey {
  readonly pid: number;
  /** Clock ticks, as in /proc/PID/stat. */
  readonly startTime: number;
}

/** One move to a node. Times are in seconds since the start of the kernel. */
export interface Move {
  readonly process: ProcessKey;
  /** The LAN address of the node. */
  readonly node: string;
  /** Bytes. */
  readonly memory: number;
  readonly begun: number;
  /** Absent while the process is on its way. */
  ended?: number;
}

interface Refusal {
  readonly why: string;
  readonly until: number;
}

/** Seconds until the news of a node counts a process that has come. */
const SETTLE_SECONDS = 3;
/** Seconds for which a process is not offered again to a node that has refused it. */
export const REFUSAL_SECONDS = 60;
/** Seconds; news of a node is not as old, and the log names the reason of a process again after that. */
const FORGET_SECONDS = 3_600;
/** From so many nodes on, the same reason is one of the process, and holds for all nodes. */
const SAME_REASONS = 2;
/** Seconds that the first move is expected to take; later ones are expected to take as long as those before. */
const MOVE_SECONDS = 0.5;
/** How much of the expected time is that of the last move. */
const WEIGHT = 0.3;

export class Ledger {
  #moves: Move[] = [];
  #moveSeconds = MOVE_SECONDS;
  /** When each node had no room, by LAN address. */
  readonly #full = new Map<string, number>();
  /** By process, then by node. */
  readonly #refusals = new Map<string, Map<string, Refusal>>();

  /** Seconds that a move is expected to take. */
  get moveSeconds(): number {
    return this.#moveSeconds;
  }

  /** The moves that have not come to an end. */
  get underway(): readonly Move[] {
    return this.#moves.filter(({ ended }) => ended === undefined);
  }

  /** The processes that are on their way, or have gone since that time. */
  leavingSince(time: number): ProcessKey[] {
    return this.#moves.filter(({ ended = time }) => ended >= time).map(({ process }) => process);
  }

  begin(process: ProcessKey, node: string, memory: number, begun: number): Move {
    this.#tidy(begun);
    const move: Move = { process, node, memory, begun };
    this.#moves.push(move);
    return move;
  }

  succeed(move: Move, now: number): void {
    move.ended = now;
    this.#moveSeconds += WEIGHT * (now - move.begun - this.#moveSeconds);
  }

  /** The process stays. Gives whether the reason is news: the log names each reason of a process once. */
  fail(move: Move, why: string, now: number): boolean {
    this.#moves = this.#moves.filter((each) => each !== move);
    const key = keyOf(move.process);
    const refusals = this.#refusals.get(key) ?? new Map<string, Refusal>();
    this.#refusals.set(key, refusals);
    const isNews = [...refusals.values()].every((refusal) => refusal.why !== why);
    refusals.set(move.node, { why, until: now + REFUSAL_SECONDS });
    return isNews;
  }

  /** That node has no room: it is not asked again until there is news of it. */
  refuse(move: Move, now: number): void {
    this.#moves = this.#moves.filter((each) => each !== move);
    this.#full.set(move.node, now);
  }

  /** Whether all that is known of a node is older than its last refusal for want of room. */
  isFull({ address, heardUptime }: NodeView): boolean {
    return heardUptime <= (this.#full.get(address) ?? Number.NEGATIVE_INFINITY);
  }

  /** Processes, and their bytes, that go to a node and that the news of the node does not count yet. */
  expectedOn({ address, heardUptime }: NodeView): { readonly processes: number; readonly memory: number } {
    const coming = this.#moves.filter(
      ({ node, ended }) => node === address && (ended === undefined || heardUptime < ended + SETTLE_SECONDS),
    );
    return { processes: coming.length, memory: coming.reduce((sum, { memory }) => sum + memory, 0) };
  }

  /** Whether that node has refused the process lately, or several nodes have for the same reason. */
  isRefused(process: ProcessKey, node: string, now: number): boolean {
    const refusals = this.#refusals.get(keyOf(process));
    if (refusals === undefined) return false;
    const recent = [...refusals].filter(([, { until }]) => until > now);
    return recent.some(
      ([by, { why }]) =>
        by === node || recent.filter(([, other]) => other.why === why).length >= SAME_REASONS,
    );
  }

  /** Forgets what no decision asks for any more. */
  #tidy(now: number): void {
    this.#moves = this.#moves.filter(({ ended = now }) => now - ended < FORGET_SECONDS);
    for (const [node, at] of this.#full) if (now - at > FORGET_SECONDS) this.#full.delete(node);
    for (const [key, refusals] of this.#refusals)
      if ([...refusals.values()].every(({ until }) => now - until > FORGET_SECONDS))
        this.#refusals.delete(key);
  }
}

function keyOf({ pid, startTime }: ProcessKey): string {
  return `${pid} ${startTime}`;
}
