/** Home's side of a wish to move: who may, where to, and what is remembered of the job that went. */

import { hostname } from "node:os";
import { join } from "node:path";
import { memoryOf, type ProcessFacts, readProcess } from "../../probes/processes/process.ts";
import { type Log, reason } from "../../system/log.ts";
import { present } from "../../system/optional.ts";
import { NoRoom, type Room } from "../balance/room.ts";
import { STATUS } from "../gossip/entry.ts";
import { historyAfter } from "../migration/history.ts";
import type { Injector } from "../migration/injector.ts";
import { type Departure, leave } from "../migration/leave.ts";
import { MoveWatch } from "../migration/move-watch.ts";
import type { Passage } from "../migration/passage.ts";
import { findUnfit, readInstructions } from "../migration/processor.ts";
import type { NodeView } from "../view.ts";
import type { GuestNodes } from "./guest-nodes.ts";
import type { Hops } from "./hops.ts";
import { keepImage } from "./keep.ts";
import { findLack, type Members } from "./members.ts";
import type { MoveReporter } from "./move-reporter.ts";
import { CGROUP_FOLDER, JOB_PATHS, JOB_PROGRAMS } from "./paths.ts";
import { type AwayJob, isAlive, type Wish } from "./record.ts";
import { Refusal } from "./refusal.ts";
import type { Registry } from "./registry.ts";

export interface DepartureOptions {
  readonly registry: Registry<AwayJob>;
  readonly members: Members;
  readonly hops: Hops;
  readonly nodes: Pick<GuestNodes, "instructions" | "promiseRoom">;
  /** Connects to the node with that LAN address. */
  readonly passageTo: (node: string) => Promise<Passage>;
  /** Gives the path of criu, which may have to be made ready first. */
  readonly criu: () => Promise<string>;
  /** Whether processes of root leave: their files are served then. */
  readonly sendsRoot: boolean;
  /** What names the image of this node. */
  readonly image: string;
  readonly injector: Injector;
  readonly reporter: Pick<MoveReporter, "leaves" | "moved" | "stayed" | "froze" | "update">;
  /** What mosrun has wished, by pid. */
  readonly wishes: Registry<Wish>;
  readonly log: Log;
}

/** How a process is moved. */
export interface MoveHow {
  /** Nobody wishes it: the cluster moves the process by itself, and this is what it needs. */
  readonly room?: Room | undefined;
  /** The process is mosrun's and waits for SIGUSR1. */
  readonly isStart?: boolean;
}

/** How many nodes are asked for a guest that has to leave and cannot come home. */
const MOST_OTHERS = 3;

/** The steps at which the other node refuses a process, or hangs up. */
const STEPS_OF_NODE: readonly string[] = ["send", "restore", "go"];

const ROOT_STAYS = "root's files are not for other nodes, and clump.root=yes was wanted";

interface OneMove extends MoveHow {
  readonly pid: number;
  readonly to: string;
  readonly uid: number;
  /** No person has chosen the node: the process may go on by itself. */
  readonly isByItself: boolean;
}

export class Departures {
  readonly #options: DepartureOptions;
  /** Pids that are on their way. */
  readonly #leaving = new Set<number>();

  constructor(options: DepartureOptions) {
    this.#options = options;
  }

  /**
   * Moves the process `pid` to the node with that number or address; `uid` is the user that wishes it. Where the
   * process stays, that is logged where somebody wished it.
   * @throws Refusal in openMosix's words, with the reason behind them; the process runs on at home
   */
  async migrate(pid: number, to: string, uid: number, how: MoveHow = {}): Promise<AwayJob> {
    return await this.#migrate({ ...how, pid, to, uid, isByItself: how.room !== undefined });
  }

  async #migrate({ pid, to, uid, room, isStart, isByItself }: OneMove): Promise<AwayJob> {
    const facts = readProcess("", pid);
    if (facts === undefined || facts.state === "Z") throw new Refusal(`No such process (${pid}).`);
    if (uid !== 0 && facts.uid !== uid) throw new Refusal("Permission denied.");
    const away = this.#options.registry.all.find((job) => job.pid === pid && isAlive(job));
    if (this.#leaving.has(pid) || away?.next !== undefined)
      throw new Refusal("Process was already sent elsewhere.");
    const { reporter } = this.#options;
    this.#leaving.add(pid);
    try {
      const node = this.#destination(to, facts, away);
      if (away === undefined) reporter.leaves(facts, node.address);
      if (!node.isSelf) await this.#compareProcessors(pid, node);
      if (room !== undefined && !node.isSelf) await this.#askRoom(pid, node, room);
      const job =
        away === undefined
          ? await this.#move(facts, node, { isByItself, isStart: isStart === true })
          : await this.#hop(away, node, isByItself);
      reporter.moved(facts, away === undefined ? "away" : node.isSelf ? "home" : "onward");
      return job;
    } catch (error) {
      // A program that a move needs is not there, for one: no fault of the other node.
      const kind = error instanceof Refusal ? error.kind : "process";
      reporter.stayed(facts, error instanceof NoRoom ? "room" : kind, reason(error));
      throw error;
    } finally {
      this.#leaving.delete(pid);
    }
  }

  /**
   * The node `from` wants to be rid of that guest of this node: takes it home, or on where it cannot come home.
   * @throws Refusal with the reason why it stays there
   */
  async recall(from: string, name: string): Promise<void> {
    const { registry, members } = this.#options;
    const job = registry.get(name);
    if (job?.node !== from || !isAlive(job)) throw new Refusal("its home has no such process there");
    const others = members.hosts.filter(({ address }) => address !== from).slice(0, MOST_OTHERS);
    const reasons: string[] = [];
    for (const to of ["home", ...others.map(({ address }) => address)])
      try {
        return void (await this.#migrate({ pid: job.pid, to, uid: 0, isByItself: true }));
      } catch (error) {
        reasons.push(reason(error));
      }
    throw new Refusal(reasons[0]);
  }

  /**
   * The node `from` is busy, and wishes that guest of this node to go on to the node with that LAN address.
   * @throws NoRoom where that node has none, and Refusal with the reason why the guest stays
   */
  async pass(from: string, name: string, to: string, room: Room): Promise<void> {
    const job = this.#options.registry.get(name);
    if (job?.node !== from || !isAlive(job)) throw new Refusal("its home has no such process there");
    await this.migrate(job.pid, to, 0, { room });
  }

  /** Whether that process, or its guest, is on its way. */
  isLeaving(pid: number): boolean {
    return this.#leaving.has(pid);
  }

  /** @throws Refusal where it cannot go there */
  #destination(to: string, { pid, uid }: ProcessFacts, away: AwayJob | undefined): NodeView {
    let node: NodeView;
    try {
      node = this.#options.members.find(to);
    } catch (error) {
      throw new Refusal(`Cannot move process ${pid}: ${reason(error)}`, "node");
    }
    if (node.isSelf && away === undefined) throw new Refusal(`Process #${pid} is at home.`);
    if (node.address === away?.node) throw new Refusal(`Process #${pid} is on node ${node.id}.`);
    if (node.isSelf) return node;
    if (uid === 0 && !this.#options.sendsRoot)
      throw new Refusal(`Process #${pid} is unmovable: ${ROOT_STAYS}`, "process");
    if ((node.status & STATUS.block) !== 0)
      throw new Refusal(`Cannot move process ${pid}: node ${to} takes no guests (mosctl block)`, "node");
    // Of a deputy the node of its guest knows what the guest needs.
    const lack = away === undefined ? findLack(memoryOf("", pid), node) : undefined;
    if (lack !== undefined) throw new Refusal(`Cannot move process ${pid}: ${lack}`, "memory");
    return node;
  }

  /** A process that has found out what its processor can do relies on that. @throws Refusal */
  async #compareProcessors(pid: number, { id, address }: NodeView): Promise<void> {
    let unfit: string | undefined;
    try {
      unfit = findUnfit(readInstructions(""), await this.#options.nodes.instructions(address));
    } catch (error) {
      throw new Refusal(`Cannot move process ${pid} to node ${id}: ${reason(error)}`, "node");
    }
    if (unfit !== undefined)
      throw new Refusal(`Process #${pid} is unmovable to node ${id}: ${unfit}`, "processor");
  }

  /** Before the process is frozen: the news of that node is some seconds old. @throws NoRoom, and Refusal where the node does not answer */
  async #askRoom(pid: number, { id, address }: NodeView, room: Room): Promise<void> {
    try {
      await this.#options.nodes.promiseRoom(address, room);
    } catch (error) {
      const text = `Cannot move process ${pid} to node ${id}: ${reason(error)}`;
      throw error instanceof NoRoom ? new NoRoom(text) : new Refusal(text, "node");
    }
  }

  async #hop(job: AwayJob, node: NodeView, isByItself: boolean): Promise<AwayJob> {
    try {
      const moving = this.#options.hops.move(job, node.address, isByItself);
      // From now on the record of the job names the next node.
      this.#options.reporter.update();
      return await moving;
    } catch (error) {
      throw new Refusal(`Process #${job.pid} is unmovable: ${reason(error)}`, "process");
    }
  }

  async #move(
    facts: ProcessFacts,
    node: NodeView,
    { isByItself, isStart }: { readonly isByItself: boolean; readonly isStart: boolean },
  ): Promise<AwayJob> {
    const { registry, members, passageTo, log } = this.#options;
    const { pid, startTime, name, uid } = facts;
    const job = `${pid}.${crypto.randomUUID().replaceAll("-", "")}`;
    const record = { job, pid, startTime, name, uid, node: node.address, since: Date.now(), moves: 1 };
    const keep = keepImage(record, isStart, this.#options);
    const programs = await this.#programs();
    // Before the guest may run: its deputy asks for its link at once.
    registry.set(record);
    const started = performance.now();
    const watch = new MoveWatch((seconds) => this.#options.reporter.froze(seconds));
    const state = await leave({
      ...programs,
      ...(isByItself && { history: historyAfter(pid, members.own?.speed) }),
      ...{ pid, job, hostname: hostname(), image: this.#options.image, folder: join(JOB_PATHS.images, job) },
      ...{ injector: this.#options.injector, watch },
      ...present("keep", keep),
      open: () => passageTo(node.address),
      notCopied: (why) =>
        log.info(`process ${pid} (${name}) is frozen while all of its memory goes over: ${why}`),
    });
    if (state.at === "AWAY") {
      const milliseconds = Math.round(performance.now() - started);
      log.info(
        `process ${pid} (${name}) has moved to node ${node.id} (${node.address}) in ${milliseconds} ms`,
      );
      return registry.get(job) ?? record;
    }
    registry.delete(job);
    if (state.at !== "HOME") throw new Refusal(`No such process (${pid}).`);
    if (!isByItself) log.info(`process ${pid} (${name}) stays at home: ${state.reason}`);
    const isOfNode = watch.failed !== undefined && STEPS_OF_NODE.includes(watch.failed);
    throw new Refusal(`Process #${pid} is unmovable: ${state.reason}`, isOfNode ? "node" : "process");
  }

  async #programs(): Promise<Pick<Departure, "groups" | "criu" | "deputy" | "socket">> {
    const criu = await this.#options.criu();
    return { groups: CGROUP_FOLDER, criu, deputy: JOB_PROGRAMS.deputy, socket: JOB_PATHS.deputies };
  }
}
