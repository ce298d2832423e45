/** One move from node 1 to node 2 that is held at a step, so that something can fail there. */

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JOB_PATHS, JOB_PROGRAMS, JOBS_PORT } from "../../../cluster/jobs/paths.ts";
import { readLink } from "../../../probes/processes/process.ts";
import { listOptional, readOptional } from "../../../system/files.ts";
import { reason } from "../../../system/log.ts";
import { must, when } from "../../jobs/trial/lab-node.ts";
import { ThreeNodes } from "../../jobs/trial/three-nodes.ts";
import { CountJob } from "./count-job.ts";

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

/** Megabytes in memory from which on a process is copied before it is frozen, and that fill a connection. */
const COPIED = 9;
const SENT = 32;
export class OneMove {
  readonly nodes: ThreeNodes;
  readonly #folder: string;
  readonly #count: string;
  readonly #holds: string;
  #jobs = 0;
  #job: CountJob | undefined;
  #move: Promise<string> = Promise.resolve("");
  #stopped: number[] = [];

  private constructor(nodes: ThreeNodes, folder: string) {
    this.nodes = nodes;
    this.#folder = folder;
    this.#count = join(folder, "count/criu");
    this.#holds = join(folder, "holds");
  }

  static async start(): Promise<OneMove> {
    const folder = mkdtempSync("/var/tmp/move-");
    const holds = join(folder, "holds");
    for (const path of [holds, join(folder, "count")]) mkdirSync(path);
    // criu(8) cannot run on every kernel: CRIU= names one that can here.
    const real = process.env["CRIU"] ?? join(folder, "count/criu");
    const script = `#!/bin/sh
verb=$1 images=$5
while [ -e ${holds}/$verb ]; do sleep 0.01; done
[ $verb = dump ] && [ -e ${holds}/large ] && head -c ${SENT}M /dev/zero >"$images/padding.img"
exec ${real} "$@"
`;
    const criu = join(folder, "criu");
    writeFileSync(criu, script, { mode: 0o755 });
    const nodes = await ThreeNodes.start(criu, true);
    must(["cp", nodes.compile("count", "test/jobs/trial/count.c"), join(folder, "count/criu")]);
    return new OneMove(nodes, folder);
  }

  get job(): CountJob {
    return this.#job!;
  }

  async stop(): Promise<void> {
    await this.nodes.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Starts a job on node 1, and its move; resolves when the move is at that step and stays there. */
  async holdAt(step: Step): Promise<void> {
    // The daemons of before may have been killed.
    for (const node of [1, 2] as const) await when(() => this.nodes.node(node).listens);
    this.#stopped = [];
    this.#jobs += 1;
    const output = join(this.#folder, `output.${this.#jobs}`);
    this.#job = new CountJob(this.nodes.node(1), this.#count, output, step === "copying" ? COPIED : 0);
    await this.#job.goesOn();
    if (step === "asking") this.#stop(this.nodes.node(2).daemon);
    if (step === "copying") this.#hold("pre-dump");
    if (["dumping", "sending", "committing", "releasing"].includes(step)) this.#hold("dump");
    if (step === "sending") this.#hold("large");
    if (step === "restoring") this.#hold("restore");
    this.#move = this.nodes.migrate(this.job.pid, "2").then(() => "", reason);
    await this.#reach(step);
  }

  /** @throws Error where the move is over before */
  async #until(holds: () => boolean, look?: number): Promise<void> {
    let end: string | undefined;
    void this.#move.then((why) => {
      end = why;
    });
    await when(() => {
      if (end !== undefined) throw new Error(`the move is over: ${end}`);
      return holds();
    }, look);
  }

  /** The bytes that each connection from node 1 to other daemons holds for them. */
  get #queues(): number[] {
    const { connections } = this.nodes.node(1);
    return connections.flatMap(({ state, port, bytes }) =>
      state === "01" && port === JOBS_PORT ? [bytes] : [],
    );
  }

  async #reach(step: Step): Promise<void> {
    switch (step) {
      case "asking":
        return await this.#until(() => this.nodes.node(1).connections.some(({ state }) => state === "01"));
      case "copying":
        return await this.#until(() => this.#criu("pre-dump") !== undefined);
      case "freezing":
        // It takes milliseconds, and nothing can hold it.
        return await this.#until(() => this.isFrozen, 0);
      case "dumping":
        return await this.#until(() => this.#criu("dump") !== undefined);
      case "sending":
        await this.#until(() => this.#criu("dump") !== undefined);
        this.#stop(this.nodes.node(2).daemon);
        this.#let("dump");
        return await this.#until(() => this.#queues.some((bytes) => bytes > 2 ** 16));
      case "restoring":
        return await this.#until(() => this.#criu("restore") !== undefined);
      case "committing":
        return await this.#reachCommit();
      case "releasing":
        await this.#reachCommit();
        this.#stop(this.nodes.node(2).daemon);
        this.#continue(this.#injector);
        return await this.#until(() => this.isAway);
      case "away":
        await this.#move;
    }
  }

  async #reachCommit(): Promise<void> {
    await this.#until(() => this.#criu("dump") !== undefined);
    this.#stop(this.#injector);
    this.#let("dump");
    await this.#until(() => this.#records(2).some((text) => text.includes('"stage":"waits"')));
  }

  /** Lets the move go on; gives why the process stays, "" where it does not. */
  async release(): Promise<string> {
    for (const name of listOptional(this.#holds)) this.#let(name);
    for (const pid of this.#stopped) this.#continue(pid);
    return await this.#move;
  }

  get isFrozen(): boolean {
    return existsSync(this.nodes.node(1).frozenGroupOf(this.job.pid));
  }

  /** Whether the process at home is a deputy. */
  get isAway(): boolean {
    return readLink(`/proc/${this.job.pid}/exe`) === JOB_PROGRAMS.deputy;
  }

  async killSupervisor(): Promise<void> {
    await when(() => this.#records(2).length > 0);
    process.kill((JSON.parse(this.#records(2)[0]!) as { readonly pid: number }).pid, "SIGKILL");
  }

  killCriu(): void {
    process.kill(this.#criu()!, "SIGKILL");
  }

  /** What node 2 has of guests. */
  get leftAbroad(): string[] {
    const { root } = this.nodes.node(2);
    const words = (pid: number) => readOptional(`/proc/${pid}/cmdline`)?.split("\0") ?? [];
    return [
      ...listOptional(root + JOB_PATHS.guests),
      ...this.#records(2),
      ...this.nodes.node(2).pids.flatMap((pid) => {
        const [program = ""] = words(pid);
        return [JOB_PROGRAMS.supervisor, this.#count].includes(program) ? [program] : [];
      }),
    ];
  }

  #hold(name: string): void {
    writeFileSync(join(this.#holds, name), "");
  }

  #let(name: string): void {
    rmSync(join(this.#holds, name), { force: true });
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

  get #injector(): number {
    const pid = Number.parseInt(readOptional(this.nodes.node(1).root + JOB_PATHS.injector) ?? "", 10);
    if (Number.isNaN(pid)) throw new Error("no injector runs");
    return pid;
  }

  #criu(verb?: string): number | undefined {
    const isCriu = (words: readonly string[]) => {
      const at = words.findIndex((word) => word.endsWith("/criu"));
      return (
        at >= 0 &&
        /^(pre-dump|dump|restore)$/.test(words[at + 1] ?? "") &&
        (verb ?? words[at + 1]) === words[at + 1]
      );
    };
    return this.#find(1, isCriu) ?? this.#find(2, isCriu);
  }

  #find(node: 1 | 2, is: (words: readonly string[]) => boolean | undefined): number | undefined {
    return this.nodes
      .node(node)
      .pids.find((pid) => is((readOptional(`/proc/${pid}/cmdline`) ?? "").split("\0")));
  }

  #records(node: 1 | 2): string[] {
    const folder = this.nodes.node(node).root + JOB_PATHS.guestRecords;
    return listOptional(folder).map((name) => readOptional(join(folder, name)) ?? "");
  }
}
