/** Eight jobs on node 1 of three nodes, moved at random; each must end as at home, with a shell that has seen nothing of it. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { reason } from "../../../system/log.ts";
import { NUMBERS, type ThreeNodes } from "./three-nodes.ts";

const JOBS = 8;
const KILL_SHARE = 0.4;
const END_MILLISECONDS = 240_000;

export interface LoadOptions {
  readonly random: () => number;
  /** Each job: a program with its words. */
  readonly job: readonly string[];
  /** Daemons, criu(8) and connections are killed at random within so many milliseconds of a move; absent: none is. */
  readonly killWithin?: number | undefined;
  /** Milliseconds between two moves, default 0. */
  readonly pause?: number;
}

interface Job {
  readonly pid: number;
  readonly shell: Bun.Subprocess;
  readonly output: string;
  /** Where it is, as far as the answers tell. */
  place: string;
  ended: boolean;
}

/** A shell with job control: its wait returns also when the job stops. It opens its files by itself, on its node. */
const SHELL = 'exec </dev/null >>"$0" 2>/dev/null; set -m; "$@" & echo $! >"$0.pid"; wait $!; echo status $?';

export class Load {
  readonly #nodes: ThreeNodes;
  readonly #options: LoadOptions;
  readonly #jobs: Job[] = [];
  readonly #wrong: string[] = [];
  readonly #refusals = new Map<string, number>();
  readonly #kills = new Map<string, number>();
  #started = 0;
  #right = 0;
  #moved = 0;
  #tried = 0;

  constructor(nodes: ThreeNodes, options: LoadOptions) {
    this.#nodes = nodes;
    this.#options = options;
  }

  /** Moves jobs until that is so, and then waits for all jobs; resolves with whether all of them have ended as at home. */
  async run(isOver: (tried: number) => boolean): Promise<boolean> {
    const reference = this.#expected();
    for (let count = 0; count < JOBS; count++) await this.#start(reference);
    while (!isOver(this.#tried) && this.#wrong.length === 0) {
      for (const job of this.#jobs.splice(0).filter(({ ended }) => !ended)) this.#jobs.push(job);
      while (this.#jobs.length < JOBS) await this.#start(reference);
      await this.#move(this.#choose(this.#jobs));
      await Bun.sleep(this.#options.pause ?? 0);
    }
    await Promise.all(this.#jobs.map((job) => this.#end(job)));
    return this.#wrong.length === 0;
  }

  /** Moves that were done. */
  get moved(): number {
    return this.#moved;
  }

  report(): string {
    const list = (map: Map<string, number>) => [...map].map(([words, count]) => `  ${count} x ${words}`);
    return [
      `${this.#tried} moves tried, ${this.#moved} done; ${this.#right} of ${this.#started} jobs ended as at home`,
      ...["killed:", ...list(this.#kills), "refused:", ...list(this.#refusals), ...this.#wrong],
    ].join("\n");
  }

  async #start(expected: Promise<string>): Promise<void> {
    this.#started += 1;
    const output = join(this.#nodes.folder, `out.${this.#started}`);
    const command = this.#nodes.onAlone(1, "bash", "-c", SHELL, output, ...this.#options.job);
    const shell = Bun.spawn(command, { stdio: ["ignore", "ignore", "ignore"] });
    while (!existsSync(`${output}.pid`) || readFileSync(`${output}.pid`, "utf8") === "") await Bun.sleep(10);
    const job: Job = {
      pid: Number(readFileSync(`${output}.pid`, "utf8")),
      shell,
      output,
      place: "home",
      ended: false,
    };
    this.#jobs.push(job);
    void shell.exited.then(async () => {
      job.ended = true;
      const got = readFileSync(output, "utf8");
      if (got === (await expected)) this.#right += 1;
      else
        this.#wrong.push(
          `job ${job.pid} is wrong: ${got.split("\n").length} lines, at the end ${got.slice(-80)}`,
        );
    });
  }

  async #expected(): Promise<string> {
    const child = Bun.spawn([...this.#options.job], { stdout: "pipe" });
    return `${await new Response(child.stdout).text()}status ${await child.exited}\n`;
  }

  async #move(job: Job): Promise<void> {
    this.#tried += 1;
    const to = this.#choose(["2", "3", "home"].filter((place) => place !== job.place));
    let isOver = false;
    const move = this.#nodes
      .migrate(job.pid, to)
      .then(() => "", reason)
      .finally(() => {
        isOver = true;
      });
    const { random, killWithin } = this.#options;
    if (killWithin !== undefined && random() < KILL_SHARE) {
      await Bun.sleep(random() * killWithin);
      await this.#kill(() => isOver);
    }
    const refusal = await move;
    const words = refusal.replaceAll(/\d+/g, "N");
    if (refusal === "" || /is (at home|on node)/.test(refusal)) job.place = to;
    if (refusal === "") this.#moved += 1;
    else this.#refusals.set(words, (this.#refusals.get(words) ?? 0) + 1);
    // The daemon has been killed: the next one is on its way.
    if (/connect|hung up/.test(refusal)) await Bun.sleep(500);
    if (process.env["VERBOSE"] !== undefined) console.log(job.pid, "to", to, refusal);
  }

  async #kill(isOver: () => boolean): Promise<void> {
    const kind = this.#choose(["daemon", "criu", "link"]);
    const node = this.#choose(NUMBERS);
    if (kind === "daemon") this.#nodes.node(node).killDaemon();
    else if (kind === "link") this.#nodes.killLinks(node);
    else {
      while (!this.#nodes.killCriu((among) => this.#choose(among))) {
        if (isOver()) return;
        await Bun.sleep(1);
      }
    }
    this.#kills.set(kind, (this.#kills.get(kind) ?? 0) + 1);
    if (process.env["VERBOSE"] !== undefined) console.log("killed", kind, node);
  }

  #choose<T>(among: readonly T[]): T {
    return among[Math.floor(this.#options.random() * among.length)]!;
  }

  async #end(job: Job): Promise<void> {
    const late = Bun.sleep(END_MILLISECONDS).then(() => "late");
    if ((await Promise.race([job.shell.exited, late])) === "late")
      this.#wrong.push(`job ${job.pid} does not end`);
    await Bun.sleep(10);
  }
}
