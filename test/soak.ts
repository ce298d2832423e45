/**
 * Moves eight jobs among three nodes of this machine for long: no job may be lost, the memory of the daemons stays flat,
 * and nothing of a job is left. As root: bun test/soak.ts [--minutes 240] [--seed N] [--kills] [--pause SECONDS]. With
 * --kills daemons, criu(8) and connections are killed, and the memory of daemons that are young says nothing; --pause is
 * between two moves, default 0. CRIU= names another criu(8). Ctrl-C ends the moves: the report is that of the time until then.
 */

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { CGROUP_FOLDER, JOB_PATHS, JOB_PROGRAMS } from "../cluster/jobs/paths.ts";
import { readLink } from "../probes/processes/process.ts";
import { listOptional, readOptional } from "../system/files.ts";
import { median } from "./bench/median.ts";
import { Load } from "./jobs/trial/load.ts";
import { type NodeNumber, NUMBERS, ThreeNodes } from "./jobs/trial/three-nodes.ts";
import { copyCriu } from "./labs/cluster/criu.ts";
import { createRandom } from "./lib/random.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "240" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    kills: { type: "boolean", default: false },
    pause: { type: "string", default: "0" },
  },
});

/** Steps of a job, of 50 ms or more: some jobs begin and end in each minute. */
const STEPS = "400";
/** A move takes about half of it. */
const KILL_MILLISECONDS = 800;
const SAMPLE_MILLISECONDS = 5_000;
/** Memory that a daemon may have gained from the second third of the time to the last: the collector of garbage works in waves. */
const MOST_GROWTH = { times: 1.15, megabytes: 4 };
/** A guest's group and view end a moment after the guest. */
const SETTLE_MILLISECONDS = 10_000;
/** What a job has on its home, and on the node where it runs. A view of a home stays: the next guest of that home has the same. */
const OF_JOBS = [JOB_PROGRAMS.deputy, JOB_PROGRAMS.supervisor, JOB_PROGRAMS.gate].map((path) =>
  basename(path),
);
const FOLDERS = ["images", "kept", "guests", "awayRecords", "guestRecords", "wishes"] as const;

/** Megabytes of each daemon of moves, by node and name, at each look. */
const memory = new Map<string, number[]>();

function sample(nodes: ThreeNodes): void {
  for (const node of NUMBERS) {
    const pids = nodes.node(node).pids;
    const pid = pids.find((each) => argvOf(each).includes("clumpjobs") && !argvOf(each).includes("--"));
    const kilobytes = /^RssAnon:\s*(\d+)/m.exec(readOptional(`/proc/${pid}/status`) ?? "")?.[1];
    if (kilobytes === undefined) continue;
    const name = `clumpjobs of node ${node}`;
    memory.set(name, [...(memory.get(name) ?? []), Number(kilobytes) / 1024]);
  }
}

function argvOf(pid: number): string[] {
  return (readOptional(`/proc/${pid}/cmdline`) ?? "").split("\0");
}

/** What is not flat, a sentence each. */
function growths(): string[] {
  return [...memory].flatMap(([name, samples]) => {
    const third = Math.floor(samples.length / 3);
    const [before, after] = [samples.slice(third, -third), samples.slice(-third)].map(median) as [
      number,
      number,
    ];
    const text = `${name}: ${before.toFixed(1)} MB, and ${after.toFixed(1)} MB at the end`;
    console.log(text);
    const isFlat = after <= MOST_GROWTH.times * before || after <= before + MOST_GROWTH.megabytes;
    return isFlat ? [] : [`memory is not flat: ${text}`];
  });
}

/** What jobs have left on a node, a sentence each. */
function leftovers(nodes: ThreeNodes, node: NodeNumber): string[] {
  const root = nodes.node(node).root;
  const processes = nodes
    .node(node)
    .pids.map((pid) => basename(readLink(`/proc/${pid}/exe`) ?? ""))
    .filter((name) => OF_JOBS.includes(name));
  const folders = FOLDERS.flatMap((name) =>
    listOptional(root + JOB_PATHS[name]).map((each) => join(JOB_PATHS[name], each)),
  );
  return [...processes, ...folders, ...groupsBelow(root + CGROUP_FOLDER)].map(
    (what) => `node ${node} has ${what} left`,
  );
}

/** The control groups in which processes are frozen, and those of guests. */
function groupsBelow(folder: string): string[] {
  return ["clump", "clump-guests"].flatMap((parent) =>
    listOptional(join(folder, parent)).flatMap((name) =>
      statSync(join(folder, parent, name)).isDirectory() ? [join(parent, name)] : [],
    ),
  );
}

console.log(`seed ${values.seed}`);
const folder = mkdtempSync("/var/tmp/soak-");
const criu = process.env["CRIU"] ?? (await copyCriu(join(folder, "criu")));
const nodes = await ThreeNodes.start(criu);
const load = new Load(nodes, {
  random: createRandom(Number(values.seed)),
  job: [nodes.compile("work", "test/jobs/trial/work.c"), STEPS, "4", "5", "job"],
  killWithin: values.kills ? KILL_MILLISECONDS : undefined,
  pause: Number(values.pause) * 1_000,
});
const wrong: string[] = [];
let end = performance.now() + Number(values.minutes) * 60_000;
process.once("SIGINT", () => {
  end = 0;
});
try {
  const timer = setInterval(() => sample(nodes), SAMPLE_MILLISECONDS);
  if (!(await load.run(() => performance.now() > end))) wrong.push("a job is wrong, or does not end");
  clearInterval(timer);
  if (load.moved === 0) wrong.push("no job has moved");
  await Bun.sleep(SETTLE_MILLISECONDS);
  wrong.push(...growths(), ...NUMBERS.flatMap((node) => leftovers(nodes, node)));
} finally {
  console.log([load.report(), ...wrong].join("\n"));
  if (process.env["KEEP"] !== undefined && wrong.length > 0) await Bun.sleep(10 ** 9);
  await nodes.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(wrong.length === 0 ? 0 : 1);
