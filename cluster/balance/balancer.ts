/** Moves processes to nodes that are less busy, while this node has more of them than processors. */

import { uptime } from "node:os";
import type { DemandMeter, ProcessDemand } from "../../probes/processes/demand.ts";
import { foreignNamespaces, readProcess } from "../../probes/processes/process.ts";
import { type Log, reason } from "../../system/log.ts";
import type { NodeView } from "../view.ts";
import { isWorthALook } from "./cost.ts";
import { type Choice, decide, isCandidate } from "./decide.ts";
import { Ledger } from "./ledger.ts";
import type { Room } from "./room.ts";

/** Pids of this node. */
export interface Held {
  /** Deputies of processes that run elsewhere. */
  readonly away: readonly number[];
  /** Processes that mosrun -L has locked. */
  readonly locked: readonly number[];
}

export interface BalancerOptions {
  readonly meter: Pick<DemandMeter, "read">;
  readonly held: () => Promise<Held>;
  /** Moves a process to the node with that LAN address. @throws Error with the reason why it stays */
  readonly migrate: (pid: number, to: string, room: Room) => Promise<unknown>;
  readonly log: Log;
  /** Whether a process could be moved from this node at all, as far as can be seen at a glance. */
  readonly isOwn?: (pid: number) => boolean;
  /** Seconds since the start of the kernel. */
  readonly now?: () => number;
}

/** Seconds until the next try where the daemon of moves does not answer. */
const PAUSE_SECONDS = 30;

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
      for (const choice of await this.#choose(nodes)) void this.#move(choice);
    } catch (error) {
      this.#pausedUntil = now() + PAUSE_SECONDS;
      log.warn(`Cannot spread processes: ${reason(error)}, trying again in ${PAUSE_SECONDS} s`);
    } finally {
      this.#isLooking = false;
    }
  }

  async #choose(nodes: readonly NodeView[]): Promise<Choice[]> {
    const { meter, held, isOwn = isOfThisNode, now = uptime } = this.#options;
    const { away, locked } = await held();
    const leaving = [...away, ...this.#ledger.underway.map(({ process: { pid } }) => pid)];
    const demands = meter.read(now());
    const here = demands.filter(({ pid }) => !leaving.includes(pid));
    return decide({
      ...{ nodes, ledger: this.#ledger, now: now(), chance: Math.random },
      running: here.reduce((sum, { demand }) => sum + demand, 0),
      candidates: here.filter((each) => mayMove(each) && !locked.includes(each.pid) && isOwn(each.pid)),
    });
  }

  async #move({ candidate, node, gain, room }: Choice): Promise<void> {
    const { migrate, log, now = uptime } = this.#options;
    const { pid } = candidate;
    const name = readProcess("", pid)?.name ?? "";
    const move = this.#ledger.begin(candidate, node.address, candidate.memory, now());
    try {
      await migrate(pid, node.address, room);
      this.#ledger.succeed(move, now());
      log.info(
        `the cluster has moved process ${pid} (${name}) to node ${node.id}, to end about ${Math.round(gain)} s sooner`,
      );
    } catch (error) {
      if (this.#ledger.fail(move, reason(error), now()))
        log.info(`the cluster leaves process ${pid} (${name}) at home: ${reason(error)}`);
    }
  }
}

/** This look costs less than one at namespaces. */
function mayMove(process: ProcessDemand): boolean {
  return process.pid !== 1 && !process.isSessionLeader && isCandidate(process);
}

/** Guests, and the processes of containers, have namespaces of their own. */
function isOfThisNode(pid: number): boolean {
  return pid !== process.pid && foreignNamespaces("", pid, "self").length === 0;
}
