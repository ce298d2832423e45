/** One move from node 1 to node 2 that is held at a step, so that something can fail there. */

import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { JOB_PROGRAMS } from "../../../cluster/jobs/paths.ts";
import { hasEnded, readLink } from "../../../probes/processes/process.ts";
import { reason } from "../../../system/log.ts";
import { ThreeNodes } from "../../jobs/trial/three-nodes.ts";
import { type Patience, until } from "../../lib/until.ts";
import { copyCount } from "../count.ts";
import { CountJob } from "./count-job.ts";
import { HeldCriu } from "./held-criu.ts";
import { Traces } from "./traces.ts";

/** The steps of transition.ts; in "asking" home asks the other node about its processor, and in "away" the move is over. */
export const STEPS = [
  "asking",
  "copying",
  "freezing",
  "dumping",
  "sending",
  "restoring",
  "committing",
  "releasing",
  "away",
] as const;
export type Step = (typeof STEPS)[number];

/** Megabytes in memory from which on a process is copied before it is frozen. */
const COPIED = 9;
/** A node without power answers nothing: its home waits for 15 s, and so may the view of a home that has booted again. */
const MOVE_SECONDS = 40;
const BOTH = [1, 2] as const;
/** Of each daemon, behind an error. */
const LAST_LINES = 15;

export class OneMove {
  readonly nodes: ThreeNodes;
  readonly #folder: string;
  readonly #count: string;
  readonly #held: HeldCriu;
  readonly #traces: Traces;
  #jobs = 0;
  #job: CountJob | undefined;
  /** The end is why the process stays, "" where it does not. */
  #move: { end?: string } = { end: "" };
  #stopped: number[] = [];
  /** Whether the last test has come to its end: else it may have left anything. */
  #isSettled = true;

  private constructor(nodes: ThreeNodes, folder: string, count: string, held: HeldCriu) {
    this.nodes = nodes;
    this.#folder = folder;
    this.#count = count;
    this.#held = held;
    this.#traces = new Traces(nodes, count);
  }

  static async start(): Promise<OneMove> {
    const folder = mkdtempSync("/var/tmp/move-");
    const count = join(folder, "count/criu");
    mkdirSync(join(folder, "count"));
    // criu(8) cannot run on every kernel: CRIU= names one that can here.
    const held = new HeldCriu(folder, process.env["CRIU"] ?? count);
    const nodes = await ThreeNodes.start(held.path, true);
    copyCount(nodes, count);
    return new OneMove(nodes, folder, count, held);
  }

  get job(): CountJob {
    return this.#job!;
  }

  async stop(): Promise<void> {
    await this.nodes.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /**
   * Starts a job on node 1, and its move; resolves when the move is at that step and stays there. With `waitsForGuest`
   * the other node has begun with its guest before its daemon stands still.
   */
  async holdAt(step: Step, waitsForGuest = false): Promise<void> {
    // The daemons of before may have been killed.
    for (const node of BOTH) await until(() => this.nodes.node(node).listens);
    this.#jobs += 1;
    const output = join(this.#folder, `output.${this.#jobs}`);
    this.#job = new CountJob(this.nodes.node(1), this.#count, output, step === "copying" ? COPIED : 0);
    await this.#job.goesOn();
    if (step === "asking") this.#stop(this.nodes.node(2).daemon);
    if (step === "copying") this.#held.hold("pre-dump");
    if (["freezing", "dumping", "sending", "committing", "releasing"].includes(step)) this.#held.hold("dump");
    if (step === "sending") this.#held.enlarge();
    if (step === "restoring") this.#held.hold("restore");
    this.#begin();
    await this.#reach(step, waitsForGuest);
  }

  #begin(): void {
    const move: { end?: string } = {};
    this.#move = move;
    void this.nodes
      .migrate(this.job.pid, "2")
      .then(() => "", reason)
      .then((end) => {
        move.end = end;
      });
  }

  /** @throws Error where the move is over before */
  async #until(holds: () => boolean, how?: Patience): Promise<void> {
    await until(
      () => {
        const { end } = this.#move;
        if (end !== undefined)
          throw new Error(`Cannot hold the move: it is over, ${end || "and has succeeded"}`);
        return holds();
      },
      { within: MOVE_SECONDS, look: 10, ...how },
    );
  }

  /** Resolves with why the process stays, "" where it does not. */
  async end(): Promise<string> {
    const move = this.#move;
    await until(() => move.end !== undefined, { within: MOVE_SECONDS });
    return move.end!;
  }

  async #reach(step: Step, waitsForGuest: boolean): Promise<void> {
    switch (step) {
      case "asking":
        return await this.#until(() => this.nodes.node(1).connections.some(({ state }) => state === "01"));
      case "copying":
        return await this.#until(() => this.#traces.criu("pre-dump") !== undefined);
      case "freezing":
        // It takes milliseconds, and nothing can hold it; the next step is held, lest a busy machine misses both.
        return await this.#until(() => this.isFrozen, { look: 0 });
      case "dumping":
        return await this.#until(() => this.#traces.criu("dump") !== undefined && this.isFrozen);
      case "sending":
        await this.#until(() => this.#traces.criu("dump") !== undefined && this.isFrozen);
        await this.#until(() => !waitsForGuest || this.#traces.records(2).length > 0);
        this.#stop(this.nodes.node(2).daemon);
        this.#held.let("dump");
        return await this.#until(() => this.#traces.queues.some((bytes) => bytes > 2 ** 16));
      case "restoring":
        return await this.#until(() => this.#traces.criu("restore") !== undefined && this.#held.restores);
      case "committing":
        return await this.#reachCommit();
      case "releasing":
        await this.#reachCommit();
        this.#stop(this.nodes.node(2).daemon);
        this.#continue(this.#traces.injector);
        return await this.#until(() => this.isAway);
      case "away":
        await this.end();
    }
  }

  async #reachCommit(): Promise<void> {
    await this.#until(() => this.#traces.criu("dump") !== undefined && this.isFrozen);
    this.#stop(this.#traces.injector);
    this.#held.let("dump");
    // The other node has the guest a moment before home hears of it, and without home's order the process stays.
    await this.#until(() => this.#traces.records(2).some((text) => text.includes('"stage":"waits"')));
    await this.#until(() => this.#traces.hasOrder);
  }

  /** Lets the move go on; gives why the process stays, "" where it does not. */
  async release(): Promise<string> {
    this.#letGo();
    return await this.end();
  }

  #letGo(): void {
    this.#held.letAll();
    for (const pid of this.#stopped.splice(0)) this.#continue(pid);
  }

  /** Makes both nodes ready for the next move, whatever a test has left that failed. */
  async settle(): Promise<void> {
    this.#letGo();
    for (const node of BOTH) if (!this.nodes.node(node).isOn) await this.nodes.powerOn(node);
    if (this.#isSettled) return;
    for (const node of BOTH) {
      await this.nodes.powerOff(node);
      await this.nodes.powerOn(node);
    }
    this.#isSettled = true;
  }

  /** Does that. @throws Error with what the daemons have said as well */
  async explained(act: () => Promise<void>): Promise<void> {
    this.#isSettled = false;
    try {
      await act();
      this.#isSettled = true;
    } catch (error) {
      const { end = "it is under way" } = this.#move;
      const left = this.#traces.leftAbroad.join(", ");
      throw new Error(
        `${reason(error)}\nmove: ${end}\nleft on node 2: ${left}\n${this.nodes.said(LAST_LINES)}`,
      );
    }
  }

  get isFrozen(): boolean {
    return existsSync(this.nodes.node(1).frozenGroupOf(this.job.pid));
  }

  /** Whether the process at home is a deputy. */
  get isAway(): boolean {
    return readLink(`/proc/${this.job.pid}/exe`) === JOB_PROGRAMS.deputy;
  }

  async killSupervisor(): Promise<void> {
    await until(() => this.#traces.records(2).length > 0);
    const { pid } = JSON.parse(this.#traces.records(2)[0]!) as { readonly pid: number };
    process.kill(pid, "SIGKILL");
    await until(() => hasEnded("", pid));
  }

  /** The daemon of node 2 stands still, with its connections, until the move is let go. */
  hang(): void {
    this.#stop(this.nodes.node(2).daemon);
  }

  killCriu(): void {
    process.kill(this.#traces.criu()!, "SIGKILL");
  }

  /** What node 2 has of guests. */
  get leftAbroad(): string[] {
    return this.#traces.leftAbroad;
  }

  #stop(pid: number): void {
    process.kill(pid, "SIGSTOP");
    this.#stopped.push(pid);
  }

  #continue(pid: number): void {
    try {
      process.kill(pid, "SIGCONT");
    } catch {
      // ESRCH: it was killed.
    }
  }
}
