/** Moves processes to nodes that are less busy, while this node has more of them than processors. */

import type { DemandMeter, ProcessDemand } from "../../probes/processes/demand.ts";
import {
  foreignNamespaces,
  readProcess,
  seesNamespaces,
  servesNode,
  treeOf,
} from "../../probes/processes/process.ts";
import { STANDARD_SPEED } from "../../probes/speed.ts";
import { type Log, reason } from "../../system/log.ts";
import { uptime } from "../../system/uptime.ts";
import type { NodeView } from "../view.ts";
import { isWorthALook } from "./cost.ts";
import { type Candidate, type Choice, decide, isCandidate } from "./decide.ts";
import { Ledger } from "./ledger.ts";
import { NoRoom, type Room } from "./room.ts";

/** A guest that the cluster has sent here, and may send on. */
export interface HeldGuest {
  /** The process from which all its processes here descend. */
  readonly supervisor: number;
  /** The LAN address of its home. */
  readonly home: string;
  /** Seconds of a standard processor that it has used before it came here. */
  readonly used: number;
  readonly moves: number;
}

/** Pids of this node. */
export interface Held {
  /** Deputies of processes that run elsewhere. */
  readonly away: readonly number[];
  /** Processes that mosrun -L has locked. */
  readonly locked: readonly number[];
  readonly guests: readonly HeldGuest[];
}

export interface BalancerOptions {
  readonly meter: Pick<DemandMeter, "read">;
  readonly held: () => Promise<Held>;
  /** Moves a process to the node with that LAN address. @throws NoRoom, and Error with the reason why it stays */
  readonly migrate: (pid: number, to: string, room: Room) => Promise<unknown>;
  /** Sends the guest with that supervisor on. @throws as `migrate` */
  readonly sendOnward: (supervisor: number, to: string, room: Room) => Promise<unknown>;
  readonly log: Log;
  /** Whether a process could be moved from this node at all, as far as can be seen at a glance. */
  readonly isOwn?: (pid: number) => boolean;
  /** The processes of a guest, by its supervisor. */
  readonly processesOf?: (supervisor: number) => readonly number[];
  /** Seconds since the start of the kernel. */
  readonly now?: () => number;
}

/** What one look has found. */
interface Survey {
  readonly nodes: readonly NodeView[];
  readonly at: number;
  /** Those that run here, and are not on their way, when the look begins. */
  readonly processes: readonly ProcessDemand[];
  readonly candidates: readonly Candidate[];
  /** Decisions that may follow the first: where a node has said that it has no room, or a process has moved. */
  tries: number;
}

/** Seconds until the next try where the daemon of moves does not answer. */
const PAUSE_SECONDS = 30;
/** News of nodes is some seconds old: of those that look idle, so many may be asked in one look. */
const TRIES = 8;
/** Seconds in which a look is true enough to ask the next node. */
const SURVEY_SECONDS = 1;

export class Balancer {
  readonly #options: BalancerOptions;
  readonly #ledger = new Ledger();
  #isLooking = false;
  #pausedUntil = 0;

  constructor(options: BalancerOptions) {
    this.#options = options;
  }

  /** Takes the news of all nodes, once a second, and begins the moves that pay. Resolves once they have begun. */
  async look(nodes: readonly NodeView[]): Promise<void> {
    const { log, now = uptime } = this.#options;
    if (this.#isLooking || now() < this.#pausedUntil || !isWorthALook(nodes, now())) return;
    this.#isLooking = true;
    try {
      this.#begin(await this.#survey(nodes));
    } catch (error) {
      this.#pausedUntil = now() + PAUSE_SECONDS;
      log.warn(`Cannot spread processes: ${reason(error)}, trying again in ${PAUSE_SECONDS} s`);
    } finally {
      this.#isLooking = false;
    }
  }

  async #survey(nodes: readonly NodeView[]): Promise<Survey> {
    const { meter, held, isOwn = isOfThisNode, now = uptime } = this.#options;
    const { away, locked, guests } = await held();
    const processes = meter.read(now()).filter(({ pid }) => !away.includes(pid));
    const own = processes.filter((each) => mayMove(each) && !locked.includes(each.pid) && isOwn(each.pid));
    const speed = nodes.find(({ isSelf }) => isSelf)?.speed || STANDARD_SPEED;
    const come = guests.flatMap((guest) => this.#asCandidate(guest, processes, STANDARD_SPEED / speed));
    return { nodes, at: now(), processes, candidates: [...own, ...come], tries: TRIES };
  }

  /** A guest moves as a whole. */
  #asCandidate(
    { supervisor, home, used, moves }: HeldGuest,
    processes: readonly ProcessDemand[],
    standardSeconds: number,
  ): Candidate[] {
    const { processesOf = treeOfGuest } = this.#options;
    const [first] = processes.filter(({ pid }) => pid === supervisor);
    if (first === undefined) return [];
    const tree = processesOf(supervisor);
    const members = processes.filter(({ pid }) => tree.includes(pid));
    const sum = (key: "used" | "wanted" | "demand" | "memory") =>
      members.reduce((total, each) => total + each[key], 0);
    return [
      {
        ...{ pid: supervisor, startTime: first.startTime, used: used * standardSeconds + sum("used") },
        ...{ wanted: sum("wanted"), demand: sum("demand"), memory: sum("memory"), guest: { home, moves } },
      },
    ];
  }

  #begin(survey: Survey): void {
    const { now = uptime, processesOf = treeOfGuest } = this.#options;
    const { nodes, processes, candidates } = survey;
    // A guest may have ended, or gone, since the look; its tree is then empty.
    const leaving = this.#ledger.leavingSince(survey.at).flatMap(({ pid }) => [pid, ...processesOf(pid)]);
    const here = processes.filter(({ pid }) => !leaving.includes(pid));
    const choices = decide({
      ...{ nodes, ledger: this.#ledger, now: now(), chance: Math.random },
      running: here.reduce((sum, { demand }) => sum + demand, 0),
      candidates: candidates.filter(({ pid }) => !leaving.includes(pid)),
    });
    for (const choice of choices) void this.#move(choice, survey);
  }

  #beginAgain(survey: Survey): void {
    const { now = uptime } = this.#options;
    if (survey.tries-- > 0 && now() - survey.at < SURVEY_SECONDS) this.#begin(survey);
  }

  async #move({ candidate, node, gain, room }: Choice, survey: Survey): Promise<void> {
    const { migrate, sendOnward, log, now = uptime } = this.#options;
    const { pid, guest } = candidate;
    const what = guest === undefined ? `process ${pid} (${nameOf(pid)})` : `a guest of ${guest.home}`;
    const move = this.#ledger.begin(candidate, node.address, candidate.memory, now());
    try {
      await (guest === undefined ? migrate : sendOnward)(pid, node.address, room);
      this.#ledger.succeed(move, now());
      log.info(`the cluster has moved ${what} to node ${node.id}, to end about ${Math.round(gain)} s sooner`);
      // That node may have room for one more: a second until the next look is as long as two moves.
      this.#beginAgain(survey);
    } catch (error) {
      if (error instanceof NoRoom) {
        this.#ledger.refuse(move, now());
        this.#beginAgain(survey);
      } else if (this.#ledger.fail(move, reason(error), now()))
        log.info(`the cluster leaves ${what} ${guest === undefined ? "at home" : "here"}: ${reason(error)}`);
    }
  }
}

function nameOf(pid: number): string {
  return readProcess("", pid)?.name ?? "";
}

function treeOfGuest(supervisor: number): number[] {
  return treeOf("", supervisor);
}

/** This look costs less than one at namespaces. */
function mayMove(process: ProcessDemand): boolean {
  return process.pid !== 1 && process.hasSession && !process.isSessionLeader && isCandidate(process);
}

/**
 * Guests, and the processes of containers, have namespaces of their own. On a workstation this daemon sees the namespaces of
 * no process of a user: there the daemon of moves looks, and refuses what is in a container.
 */
export function isOfThisNode(pid: number, root = ""): boolean {
  if (servesNode(root, pid)) return false;
  return !seesNamespaces(root, pid) || foreignNamespaces(root, pid, "self").length === 0;
}
