import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { busySource } from "../../jobs/busy-source.ts";
import { unpackedProgram } from "../../lib/home-programs.ts";
import { until } from "../../lib/until.ts";
import { Nodes } from "./nodes.ts";

const JOB = "test/labs/cluster/job.c";
/** Milliseconds of a test that has much to compute. */
const LONG = 300_000;
/** In so many milliseconds a busy node moves processes, where it may. */
const LOOKS = 5_000;

let nodes: Nodes;
let job: string;
let make: string;
// Another program may be filling the cache of packages.
beforeAll(async () => {
  make = (await unpackedProgram("make", "usr/bin/make")).join(" ");
  nodes = await Nodes.start([1, 2, 3, 4]);
  job = nodes.compile("job", JOB);
}, LONG);
afterAll(async () => await nodes.stop());

/** Runs on node 1; gives the processor time of all nodes meanwhile, worked or not, beside what was said. */
async function measure(script: string) {
  const before = nodes.seconds();
  const finished = await nodes.run(1, script);
  const after = nodes.seconds();
  return { ...finished, work: after.work - before.work, idle: after.idle - before.idle };
}

/** Starts so many jobs in a shell, which says how each of them has ended; without a number of seconds they have no end. */
function jobs(count: number, seconds = 100_000, program = job): string {
  return `for i in $(seq ${count}); do ${program} ${seconds} & pids="$pids $!"; done; echo $pids >${program}.pids
for pid in $pids; do wait $pid; echo "status $?"; done`;
}

/** Ends what `jobs()` has started on a node, wherever it runs. */
async function end(node: number, program = job): Promise<void> {
  await nodes.run(node, `kill -TERM $(cat ${program}.pids)`);
}

const countOf = (said: string, line: string) => said.split("\n").filter((each) => each === line).length;

test(
  "20 jobs of one node of four spread within 10 s, and end within 1.25 times the best that the four can do",
  async () => {
    const [count, seconds] = [20, 6];
    const start = nodes.seconds([1]);
    const run = measure(jobs(count, seconds));
    await until(() => nodes.places(job)[1] === count, { what: "the jobs" });
    const mostOf = () => Math.max(...Object.values(nodes.places(job)));
    const passed = await until(() => mostOf() <= 1.25 * Math.ceil(count / 4), {
      what: "jobs that have spread",
    });
    // Node 1 has a part of a processor: a second of a whole one is its second.
    const now = nodes.seconds([1]);
    const spread = now.work + now.idle - start.work - start.idle;
    const { said, work, idle } = await run;
    const ratio = (work + idle) / (count * seconds);
    console.log(
      `spread after ${spread.toFixed(1)} s of the node's processor, ${passed.toFixed(1)} s of the clock; ${ratio.toFixed(2)} times the best`,
    );
    expect(countOf(said, "right")).toBe(count);
    expect(countOf(said, "status 0")).toBe(count);
    expect(spread).toBeLessThan(10);
    expect(ratio).toBeLessThan(1.25);
  },
  LONG,
);

test("jobs under a second stay, and lose no more than a twentieth to the looks of the daemons", async () => {
  const short = `seq 80 | xargs -P 3 -I{} ${job} 0.1 >/dev/null`;
  const moved = () => nodes.log(1).match(/has moved/g)?.length;
  const before = moved();
  await nodes.mosctl(1, "stay");
  const alone = await measure(short);
  await nodes.mosctl(1, "nostay");
  const watched = await measure(short);
  console.log(`with looks ${watched.work.toFixed(2)} s of work, without ${alone.work.toFixed(2)} s`);
  expect(watched.work).toBeLessThan(1.05 * alone.work);
  expect(moved()).toBe(before);
});

const FOLDERS = 60;
/** A compiler needs some seconds for so many functions. */
const FUNCTIONS = 200;

test(
  "the compilers of make -j8 spread by themselves, and make the same objects",
  async () => {
    const kinds = [
      busySource(FUNCTIONS),
      busySource(FUNCTIONS / 20),
      busySource(FUNCTIONS / 20),
      busySource(1),
    ];
    for (let folder = 0; folder < FOLDERS; folder++) {
      mkdirSync(join(nodes.folder, `make/${folder}`), { recursive: true });
      writeFileSync(join(nodes.folder, `make/${folder}/f.c`), kinds[folder % kinds.length]!);
    }
    const rule = "%/f.o: %/f.c\n\tcd $* && gcc -O2 -c f.c\n";
    const objects = Array.from({ length: FOLDERS }, (_, folder) => `${folder}/f.o`);
    writeFileSync(join(nodes.folder, "make/Makefile"), `all: ${objects.join(" ")}\n${rule}`);
    // The first folders are made where nothing moves.
    await nodes.mosctl(1, "stay");
    const first = objects.slice(0, kinds.length).join(" ");
    expect(await nodes.run(1, `${make} -C make -s -j8 ${first}`)).toEqual({ code: 0, said: "" });
    await nodes.mosctl(1, "nostay");
    const { code, said, work, idle } = await measure(`${make} -C make -s -j8`);
    expect([code, said]).toEqual([0, ""]);
    const moved = [...nodes.log(1).matchAll(/the cluster has moved process \d+ \((.*?)\)/g)].map(
      ([, name]) => name,
    );
    console.log(
      `${countOf(moved.join("\n"), "cc1")} compilers moved; ${((100 * idle) / (work + idle)).toFixed(0)} % of the processors idle`,
    );
    expect(countOf(moved.join("\n"), "cc1")).toBeGreaterThan(3);
    expect(moved.filter((name) => !["cc1", "job"].includes(name!))).toEqual([]);
    const read = (folder: number) => readFileSync(join(nodes.folder, `make/${folder}/f.o`));
    for (let folder = 0; folder < FOLDERS; folder++)
      expect(read(folder).equals(read(folder % kinds.length))).toBe(true);
  },
  LONG,
);

test(
  "stay, lstay and quiet hold the jobs of a node; block and quiet keep guests away",
  async () => {
    await nodes.mosctl(2, "block");
    await nodes.mosctl(3, "quiet");
    // A busy machine takes seconds for a command, and jobs leave within seconds.
    await nodes.mosctl(1, "stay");
    const run = nodes.run(1, jobs(6));
    let before: string | undefined;
    for (const setting of ["stay", "lstay", "quiet"]) {
      await nodes.mosctl(1, setting);
      if (before !== undefined) await nodes.mosctl(1, `no${before}`);
      before = setting;
      await Bun.sleep(LOOKS);
      expect([setting, nodes.places(job)]).toEqual([setting, { 1: 6, 2: 0, 3: 0, 4: 0 }]);
    }
    await nodes.mosctl(1, "noquiet");
    await until(() => nodes.places(job)[4]! >= 2, { what: "guests on node 4" });
    expect(nodes.places(job)).toMatchObject({ 2: 0, 3: 0 });
    await nodes.mosctl(2, "noblock");
    await nodes.mosctl(3, "noquiet");
    await until(() => nodes.places(job)[2]! > 0 && nodes.places(job)[3]! > 0, {
      what: "guests on nodes 2 and 3",
    });
    await end(1);
    expect(countOf((await run).said, "right")).toBe(6);
  },
  LONG,
);

test(
  "a controller takes no guests, a drone sends nothing away, and a peer does both",
  async () => {
    const kinds = ["controller", "drone", "peers"];
    const runs = kinds.map(async (kind, index) => {
      await nodes.mosctl(index + 1, `topology ${kind}`);
      const program = nodes.compile(kind, JOB);
      return await nodes.run(index + 1, jobs(5, undefined, program));
    });
    const places = (kind: string) => nodes.places(`/${kind}`);
    const away = (kind: string, home: number) =>
      [1, 2, 3, 4].filter((node) => node !== home && places(kind)[node]! > 0);
    await until(() => away("controller", 1).length > 0 && away("peers", 3).length > 0, {
      what: "jobs that leave",
    });
    await Bun.sleep(LOOKS);
    expect(away("drone", 2)).toEqual([]);
    expect([...away("drone", 2), ...away("peers", 3)]).not.toContain(1);
    // A drone with nothing of its own to do takes guests.
    await end(2, join(nodes.folder, "drone"));
    await until(() => [...away("controller", 1), ...away("peers", 3)].includes(2), {
      what: "guests on the drone",
    });
    for (const [index, kind] of kinds.entries()) {
      if (kind !== "drone") await end(index + 1, join(nodes.folder, kind));
      await nodes.mosctl(index + 1, "topology peers");
    }
    for (const { said } of await Promise.all(runs)) expect(countOf(said, "right")).toBe(5);
  },
  LONG,
);

test(
  "a node that comes is used, one that shuts down loses nothing, and one whose power fails costs the jobs that it had",
  async () => {
    const count = 12;
    const run = nodes.run(1, jobs(count));
    const away = (node: number) => nodes.places(job)[node] ?? 0;
    const all = () => Object.values(nodes.places(job)).reduce((sum, each) => sum + each, 0);
    await until(() => [2, 3, 4].every((node) => away(node) > 0), { what: "jobs on all nodes" });
    await nodes.add(5);
    await until(() => away(5) > 0, { what: "a job on the node that came" });

    await nodes.mosctl(1, "lstay");
    expect(await nodes.leave(5)).toMatchObject({ code: 0 });
    await until(() => all() === count, { what: "all jobs" });
    await until(() => away(4) > 0 && all() === count, { what: "jobs that stay where they are" });
    const lost = away(4);
    nodes.cut(4);
    await until(() => nodes.view(1)?.nodes.find(({ id }) => id === 4)?.state === "dead", {
      what: "the death of node 4",
    });
    await until(() => all() === count - lost, { what: "the end of the jobs that node 4 had" });
    await end(1);
    const { said } = await run;
    expect(countOf(said, "status 137")).toBe(lost);
    expect(countOf(said, "status 0")).toBe(count - lost);
    expect(countOf(said, "right")).toBe(count - lost);
  },
  LONG,
);
