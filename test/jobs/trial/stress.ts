/**
 * Moves eight jobs among three nodes of this machine, at random, while daemons, criu(8) and connections are killed. As
 * root: CRIU=PATH bun test/jobs/trial/stress.ts [--moves 300] [--seed N] [--steps N] [--no-kills]. Each job must end as
 * at home, with nothing lost, doubled or wrong, and with a shell that has seen nothing of it.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../../lib/random.ts";
import { CRIU } from "./node-pair.ts";
import { NUMBERS, ThreeNodes } from "./three-nodes.ts";

const JOBS = 8;
const KILL_SHARE = 0.4;
const MOST_KILL_DELAY = 1_200;
const END_MILLISECONDS = 240_000;
const STATUS = 5;

const { values } = parseArgs({
  options: {
    moves: { type: "string", default: "300" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    steps: { type: "string", default: "400" },
    "no-kills": { type: "boolean", default: false },
  },
});

const random = createRandom(Number(values.seed));
const choose = <T>(among: readonly T[]): T => among[Math.floor(random() * among.length)]!;

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

class Stress {
  readonly #nodes: ThreeNodes;
  readonly #work: string;
  readonly #jobs: Job[] = [];
  readonly #wrong: string[] = [];
  readonly #refusals = new Map<string, number>();
  readonly #kills = new Map<string, number>();
  #started = 0;
  #right = 0;
  moved = 0;
  tried = 0;

  constructor(nodes: ThreeNodes) {
    this.#nodes = nodes;
    this.#work = nodes.compile("work", "test/jobs/trial/work.c");
  }

  async run(moves: number): Promise<boolean> {
    const reference = this.#expected();
    for (let count = 0; count < JOBS; count++) await this.#start(reference);
    while (this.tried < moves && this.#wrong.length === 0) {
      for (const job of this.#jobs.splice(0).filter(({ ended }) => !ended)) this.#jobs.push(job);
      while (this.#jobs.length < JOBS) await this.#start(reference);
      await this.#move(choose(this.#jobs));
    }
    await Promise.all(this.#jobs.map((job) => this.#end(job)));
    return this.#wrong.length === 0;
  }

  report(): string {
    const list = (map: Map<string, number>) => [...map].map(([words, count]) => `  ${count} x ${words}`);
    return [
      `${this.tried} moves tried, ${this.moved} done; ${this.#right} of ${this.#started} jobs ended as at home`,
      ...["killed:", ...list(this.#kills), "refused:", ...list(this.#refusals), ...this.#wrong],
    ].join("\n");
  }

  async #start(expected: Promise<string>): Promise<void> {
    this.#started += 1;
    const output = join(this.#nodes.folder, `out.${this.#started}`);
    const command = this.#nodes.on(1, "bash", "-c", SHELL, this.#work, values.steps, output);
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
    const words = [values.steps, "4", String(STATUS), "job"];
    return await new Response(Bun.spawn([this.#work, ...words], { stdout: "pipe" }).stdout).text();
  }

  async #move(job: Job): Promise<void> {
    this.tried += 1;
    const to = choose(["2", "3", "home"].filter((place) => place !== job.place));
    const move = this.#nodes.clump(1, "migrate", String(job.pid), to);
    if (!values["no-kills"] && random() < KILL_SHARE) {
      await Bun.sleep(random() * MOST_KILL_DELAY);
      this.#kill();
    }
    const { code, said } = await move;
    const words = said.replaceAll(/\d+/g, "N");
    if (code === 0 || /is (at home|on node)/.test(said)) job.place = to;
    if (code === 0) this.moved += 1;
    else this.#refusals.set(words, (this.#refusals.get(words) ?? 0) + 1);
    if (code !== 0 && /does not run|hung up/.test(said)) await Bun.sleep(500);
    if (process.env["VERBOSE"] !== undefined) console.log(job.pid, "to", to, code, said);
  }

  #kill(): void {
    const kind = choose(["daemon", "criu", "link"]);
    const node = choose(NUMBERS);
    if (kind === "daemon") this.#nodes.killDaemon(node);
    else if (kind === "link") this.#nodes.killLinks(node);
    else if (!this.#nodes.killCriu(choose)) return;
    this.#kills.set(kind, (this.#kills.get(kind) ?? 0) + 1);
    if (process.env["VERBOSE"] !== undefined) console.log("killed", kind, node);
  }

  async #end(job: Job): Promise<void> {
    const late = Bun.sleep(END_MILLISECONDS).then(() => "late");
    if ((await Promise.race([job.shell.exited, late])) === "late")
      this.#wrong.push(`job ${job.pid} does not end`);
    await Bun.sleep(10);
  }
}

// First: whoever ends a trial that hangs can repeat it.
console.log(`seed ${values.seed}`);
const started = performance.now();
const nodes = await ThreeNodes.start(CRIU);
const stress = new Stress(nodes);
let isRight = false;
try {
  isRight = await stress.run(Number(values.moves));
} finally {
  console.log(stress.report());
  console.log(`${Math.round((performance.now() - started) / 1_000)} s`);
  if (process.env["KEEP"] !== undefined && !isRight) await Bun.sleep(10 ** 9);
  await nodes.stop();
}
process.exit(isRight ? 0 : 1);
