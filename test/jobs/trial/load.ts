/** Eight jobs on node 1 of three nodes, moved at random; each must end as at home, with a shell that has seen nothing of it. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NUMBERS, type ThreeNodes } from "./three-nodes.ts";

const JOBS = 8;
const KILL_SHARE = 0.4;
const MOST_KILL_DELAY = 1_200;
const END_MILLISECONDS = 240_000;
const STATUS = 5;

export interface LoadOptions {
  readonly random: () => number;
  /** Steps of 50 ms or more that each job has to do. */
  readonly steps: string;
  /** Whether daemons, criu(8) and connections are killed at random. */
  readonly kills: boolean;
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
const SHELL =
  'exec </dev/null >>"$2" 2>/dev/null; set -m; "$0" "$1" 4 5 job & echo $! >"$2.pid"; wait $!; echo status $?';

export class Load {
  readonly #nodes: ThreeNodes;
  readonly #options: LoadOptions;
  readonly #work: string;
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
    this.#work = nodes.compile("work", "test/jobs/trial/work.c");
  }

  /** Moves jobs until that is so, and then waits for all jobs; resolves with whether all of them have ended as at home. */
  async run(isOver: (tried: number) => boolean): Promise<boolean> {
    const reference = this.#expected();
    for (let count = 0; count < JOBS; count++) await this.#start(reference);
    while (!isOver(this.#tried) && this.#wrong.length === 0) {
      for (const job of this.#jobs.splice(0).filter(({ ended }) => !ended)) this.#jobs.push(job);
      while (this.#jobs.length < JOBS) await this.#start(reference);
      await this.#move(this.#choose(this.#jobs));
    }
    await Promise.all(this.#jobs.map((job) => this.#end(job)));
    return this.#wrong.length === 0;
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
    const command = this.#nodes.on(1, "bash", "-c", SHELL, this.#work, this.#options.steps, output);
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
      if (got === `${await expected}status ${STATUS}\n`) this.#right += 1;
      else
        this.#wrong.push(
          `job ${job.pid} is wrong: ${got.split("\n").length} lines, at the end ${got.slice(-80)}`,
        );
    });
  }

  async #expected(): Promise<string> {
    const words = [this.#options.steps, "4", String(STATUS), "job"];
    return await new Response(Bun.spawn([this.#work, ...words], { stdout: "pipe" }).stdout).text();
  }

  async #move(job: Job): Promise<void> {
    this.#tried += 1;
    const to = this.#choose(["2", "3", "home"].filter((place) => place !== job.place));
    const move = this.#nodes.clump(1, "migrate", String(job.pid), to);
    const { random, kills } = this.#options;
    if (kills && random() < KILL_SHARE) {
      await Bun.sleep(random() * MOST_KILL_DELAY);
      this.#kill();
    }
    const { code, said } = await move;
    const words = said.replaceAll(/\d+/g, "N");
    if (code === 0 || /is (at home|on node)/.test(said)) job.place = to;
    if (code === 0) this.#moved += 1;
    else this.#refusals.set(words, (this.#refusals.get(words) ?? 0) + 1);
    if (code !== 0 && /does not run|hung up/.test(said)) await Bun.sleep(500);
    if (process.env["VERBOSE"] !== undefined) console.log(job.pid, "to", to, code, said);
  }

  #kill(): void {
    const kind = this.#choose(["daemon", "criu", "link"]);
    const node = this.#choose(NUMBERS);
    if (kind === "daemon") this.#nodes.killDaemon(node);
    else if (kind === "link") this.#nodes.killLinks(node);
    else if (!this.#nodes.killCriu((among) => this.#choose(among))) return;
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
