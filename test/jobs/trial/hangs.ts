/**
 * Moves twelve jobs among three nodes of this machine at once, while each criu(8), or a child of it, is stopped for ever at a
 * random moment. As root: CRIU=PATH bun test/jobs/trial/hangs.ts [--rounds 3] [--seed N] [--verb restore] [--within 250]: of
 * that verb alone, and within so many milliseconds of its start. Each job must go on within the limits of docs/moves.md, and
 * end as at home.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { reason } from "../../../system/log.ts";
import { createRandom } from "../../lib/random.ts";
import { CRIU, NUMBERS, ThreeNodes } from "./three-nodes.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    verb: { type: "string", default: "dump|pre-dump|restore" },
    within: { type: "string", default: "250" },
  },
});

const JOBS = 12;
/** 50 ms or more each: longer than two moves that hang. */
const STEPS = "2200";
const STOP_SHARE = 0.6;
const LOOK_MILLISECONDS = 2;
const SHELL = 'exec </dev/null >>"$0" 2>/dev/null; set -m; "$@" & echo $! >"$0.pid"; wait $!; echo status $?';

const random = createRandom(Number(values.seed));
const choose = <T>(among: readonly T[]): T => among[Math.floor(random() * among.length)]!;
const words = (pid: number) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
};
const VERB = new RegExp(`criu[\\w/-]*\\0(${values.verb})\\0`);

/** Stops what dumps and restores, each at most once. */
class Stopper {
  readonly #nodes: ThreeNodes;
  readonly #seen = new Set<number>();
  readonly stopped: string[] = [];
  isOn = false;

  constructor(nodes: ThreeNodes) {
    this.#nodes = nodes;
  }

  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await Bun.sleep(LOOK_MILLISECONDS);
      if (!this.isOn) continue;
      for (const node of NUMBERS)
        for (const pid of this.#nodes.node(node).pids) if (!this.#seen.has(pid)) this.#meet(node, pid);
    }
  }

  #meet(node: number, pid: number): void {
    const verb = VERB.exec(words(pid))?.[1];
    if (verb === undefined) return;
    this.#seen.add(pid);
    if (random() > STOP_SHARE) return;
    const after = Math.round(random() * Number(values.within));
    setTimeout(() => {
      if (!VERB.test(words(pid))) return;
      try {
        process.kill(pid, "SIGSTOP");
        this.stopped.push(`${verb} on ${node} after ${after} ms (${pid})`);
      } catch {
        // ESRCH: it has ended.
      }
    }, after);
  }
}

const started = performance.now();
const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
console.log(`seed ${values.seed}`);
const nodes = await ThreeNodes.start(CRIU, true);
const work = nodes.compile("work", "test/jobs/trial/work.c");
const wrong: string[] = [];
const sizes = ["4", "20"];
const wordsOf = (index: number) => [work, STEPS, sizes[index % 2]!, "5", "job"];
/** What each job writes at home. */
const expected = [0, 1].map((index) => new Response(Bun.spawn(wordsOf(index)).stdout).text());

async function start(index: number) {
  const words = wordsOf(index);
  const output = join(nodes.folder, `out.${index}`);
  const shell = Bun.spawn(nodes.onAlone(1, "bash", "-c", SHELL, output, ...words), {
    stdio: ["ignore", "ignore", "ignore"],
  });
  while (!existsSync(`${output}.pid`) || readFileSync(`${output}.pid`, "utf8") === "") await Bun.sleep(10);
  return { pid: Number(readFileSync(`${output}.pid`, "utf8")), output, shell, index, place: "home", gap: 0 };
}
type Job = Awaited<ReturnType<typeof start>>;

/** Notes how long the output of a job has not grown. */
function watchGap(job: Job): NodeJS.Timeout {
  let [size, at] = [0, performance.now()];
  return setInterval(() => {
    const now = Bun.file(job.output).size;
    if (now !== size) [size, at] = [now, performance.now()];
    job.gap = Math.max(job.gap, performance.now() - at);
  }, 100);
}

async function move(job: Job, to: string): Promise<void> {
  job.gap = 0;
  const begun = performance.now();
  const timer = watchGap(job);
  const end = await nodes.migrate(job.pid, to).then(() => "", reason);
  const took = ((performance.now() - begun) / 1_000).toFixed(1);
  await Bun.sleep(1_000);
  clearInterval(timer);
  console.log(
    `${seconds()} ${job.pid} from ${job.place} to ${to}: ${took} s, stood ${(job.gap / 1_000).toFixed(1)} s: ${end || "moved"}`,
  );
  if (end === "" || /is (at home|on node)/.test(end)) job.place = to;
}

let isOver = false;
try {
  for (let round = 0; round < Number(values.rounds); round++) {
    const stopper = new Stopper(nodes);
    isOver = false;
    const stopping = stopper.run(() => isOver);
    const jobs = await Promise.all(Array.from({ length: JOBS }, (_, index) => start(round * JOBS + index)));
    // Half of them are guests already.
    for (const job of jobs.slice(JOBS / 2)) await move(job, choose(["2", "3"]));
    stopper.isOn = true;
    await Promise.all(
      jobs.map(async (job) => {
        await Bun.sleep(random() * 1_000);
        await move(job, choose(["2", "3", "home"].filter((place) => place !== job.place)));
      }),
    );
    stopper.isOn = false;
    isOver = true;
    await stopping;
    console.log(`${seconds()} stopped: ${stopper.stopped.join("; ")}`);
    for (const job of jobs) {
      const code = await Promise.race([job.shell.exited, Bun.sleep(240_000).then(() => "late")]);
      const got = readFileSync(job.output, "utf8");
      if (code === "late" || got !== `${await expected[job.index % 2]}status 5\n`)
        wrong.push(`job ${job.pid}: ${code}, ${got.split("\n").length} lines, at the end ${got.slice(-80)}`);
    }
    console.log(`${seconds()} round ${round}: ${wrong.length} of ${(round + 1) * JOBS} jobs are wrong`);
    if (wrong.length > 0) break;
  }
} finally {
  for (const line of wrong) console.log(line);
  if (wrong.length > 0) console.log(nodes.said());
  await nodes.stop();
}
process.exit(wrong.length === 0 ? 0 : 1);
