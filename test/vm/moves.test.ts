import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Vm } from "../../assets/qemu/vm.ts";
import { Programs } from "../jobs/compile.ts";
import { ATTACKER } from "../lib/attacker.ts";
import { bootCluster, oneCluster, secondsUntil, startLan } from "../lib/cluster.ts";
import { appendArchive, type PatchedInitrd } from "../lib/patched-initrd.ts";
import { output, run } from "../lib/shell.ts";

const LONG = { within: 90 };
/** Steps, megabytes, status and tag; a step is 50 ms or more, and the first move of a slow host takes many. */
const WORK = "/srv/work 200 1 7 job";

let initrd: PatchedInitrd;
let machines: AsyncDisposableStack;
let nodes: readonly Vm[] = [];
let expected = "";
let expectedKept = "";

beforeAll(async () => {
  const programs = new Programs();
  const work = programs.compile("work", ["test/jobs/trial/work.c"], "small");
  const pauses = programs.compile("pauses", ["test/jobs/trial/pauses.c"], "small");
  expected = Bun.spawnSync([work, "200", "1", "7", "job"]).stdout.toString();
  expectedKept = Bun.spawnSync([work, "60", "1", "7", "job"]).stdout.toString();
  initrd = appendArchive([
    { path: "clump.key", type: "file", mode: 0o600, bytes: Buffer.from("the key of the room\n") },
    { path: "srv", type: "directory", mode: 0o755 },
    { path: "srv/work", type: "file", mode: 0o755, bytes: readFileSync(work) },
    { path: "srv/pauses", type: "file", mode: 0o755, bytes: readFileSync(pauses) },
    { path: "srv/attacker", type: "file", mode: 0o755, bytes: Buffer.from(ATTACKER) },
  ]);
  programs.remove();
  machines = new AsyncDisposableStack();
  machines.use(await oneCluster());
  const lan = machines.use(startLan());
  nodes = await bootCluster(3, lan.path, { initrd: initrd.path }, machines);
});
afterAll(async () => {
  await machines.disposeAsync();
  initrd[Symbol.dispose]();
});

const home = () => nodes[0]!;

/** Starts a job at home, on the terminal of its shell; gives its pid. */
async function start(command: string): Promise<number> {
  return Number(await output(home(), `${command} & sleep 1; echo $!`));
}

/** The processes that a node has for moves, by name, and the kilobytes that each holds. */
async function held(node: Vm): Promise<Record<string, number>> {
  const look = "grep ^Pss: /proc/$p/smaps_rollup | sed s/^/$n/";
  const names = "clump-wake clumpjobs clump-files clump-view";
  const said = await output(node, `for n in ${names}; do for p in $(pidof $n); do ${look}; done; done`);
  return Object.fromEntries(
    [...said.matchAll(/^([a-z-]+)Pss: +(\d+) kB/gm)].map(([, name, size]) => [name, +size!]),
  );
}

test("a node whose moves nobody has used runs one process for them, and holds less than 3 MB", async () => {
  await output(nodes[2]!, "mps; clump jobs; mosctl expel; mosctl noblock; ls /mfs");
  const before = await held(nodes[2]!);
  console.log(`before the first use: ${JSON.stringify(before)} kB`);
  expect(Object.keys(before)).toEqual(["clump-wake"]);
  expect(before["clump-wake"]).toBeLessThan(3_000);
});

test("a job in the background moves to another node, and its shell cannot tell", async () => {
  const pid = await start(`${WORK} >/tmp/out`);
  await output(home(), `migrate ${pid} 2`, LONG);
  expect(await output(home(), "mps")).toMatch(new RegExp(`^ *${pid} +2 +1 +S +/srv/work`, "m"));
  expect(await output(home(), "jobs")).toContain("Running");
  expect(await output(nodes[1]!, "clump jobs")).toMatch(new RegExp(`^ *${pid} +work +of 1 `, "m"));
  expect((await run(home(), `wait ${pid}`, LONG)).code).toBe(7);
  expect(await output(home(), "cat /tmp/out")).toBe(expected);
  await secondsUntil(nodes[1]!, "clump jobs", /no guest is here/, 5);
});

test("a guest goes on to a third node and comes home, with nothing lost or doubled", async () => {
  const pid = await start("/srv/work 150 1 7 job >/tmp/out 2>/dev/null </dev/null");
  for (const [to, number] of [
    ["2", 2],
    ["3", 3],
    ["home", 1],
  ] as const) {
    await output(home(), `migrate ${pid} ${to}`, LONG);
    expect(await output(home(), "mps")).toMatch(new RegExp(`^ *${pid} +${number} `, "m"));
  }
  expect((await run(home(), `wait ${pid}`, LONG)).code).toBe(7);
  const steps = Array.from({ length: 150 }, (_, step) => `job ${step}`);
  expect((await output(home(), "grep -v end /tmp/out")).trim().split("\n")).toEqual(steps);
});

test("a job of another user writes his files, and its reader at home gets all through a pipe", async () => {
  const account = 'echo "u:x:1000:1000::/tmp:/bin/sh" >>/etc/passwd; mkdir -m 777 /tmp/shared';
  await output(home(), account);
  const job = `su u -c "exec ${WORK} 2>/tmp/shared/errors"`;
  // Its group is that of a program that has ended, and its parent leads the session: as in any pipeline that is typed.
  await output(home(), `true | ${job} | cat >/tmp/piped & sleep 2`);
  const pid = (await output(home(), "pidof work")).trim();
  await output(home(), `migrate ${pid} 3`, LONG);
  expect(await output(nodes[2]!, "ps -o user,args")).toMatch(/^1000 +\/srv\/work/m);
  await output(home(), "wait", LONG);
  expect(await output(home(), "cat /tmp/piped")).toBe(expected);
  expect(await output(home(), "stat -c %u /tmp/shared/errors")).toBe("1000\n");
});

test("a guest of root has no power over its node, and all of root's at home again", async () => {
  const pid = await start("mosrun -2 sh /srv/attacker >/tmp/out");
  await secondsUntil(home(), "cat /tmp/out", /done/, 60);
  await output(home(), `migrate ${pid} home; touch /tmp/back; wait ${pid}`, LONG);
  const full = (await output(home(), "grep Eff /proc/self/status")).trim();
  expect(await output(home(), "cat /tmp/out")).toBe(`CapEff:\t000000002004c1fb\ndone\n${full}\n`);
});

test("the memory of a larger job goes over while the job runs, and is whole", async () => {
  // criu(8) writes the memory of before the freeze into a folder of its own.
  const look =
    "for look in $(seq 300); do ls /run/clump/jobs/guests/*/copy-1/pages-1.img && break; sleep 0.5; done >/tmp/copy 2>/dev/null & true";
  await output(nodes[1]!, look);
  const pid = await start("/srv/pauses 18 5 >/dev/null 2>/tmp/says");
  await secondsUntil(home(), "cat /tmp/says", /^\d+\n/, 20);
  // 18 MB go over an emulated link, 40 s alone on a machine.
  await output(home(), `migrate ${pid} 2`, { within: 2 * LONG.within });
  expect((await run(home(), `kill ${pid}; wait ${pid}`, LONG)).code).toBe(0);
  expect(await output(home(), "cat /tmp/says")).toBe(`${pid}\nwhole\n`);
  expect(await output(nodes[1]!, "cat /tmp/copy")).toContain("pages-1.img");
});

test.each([
  ["TERM", 143],
  ["KILL", 137],
  ["SEGV", 139],
])("a job that is away ends by SIG%s as it would at home", async (name, status) => {
  const pid = await start("/srv/work 100000 1 7 job >/dev/null");
  await output(home(), `migrate ${pid} 2`, LONG);
  // A shell that has told of an end at its prompt has forgotten it.
  expect((await run(home(), `kill -${name} ${pid}; wait ${pid}`, LONG)).code).toBe(status);
  await secondsUntil(nodes[1]!, "pidof work || echo none", /none/, 10);
});

test.each([
  ["1 2", "migrate: Process #1 is unmovable: is process 1"],
  ["2 2", "migrate: Process #2 is unmovable: is a thread of the kernel"],
  ["$$ 2", /^migrate: Process #\d+ is unmovable: leads a session/],
  ["99999 2", "migrate: No such process (99999)."],
  ["$! 1", /^migrate: Process #\d+ is at home\./],
  ["$! home", /^migrate: Process #\d+ is at home\./],
  ["$! 9", /^migrate: Cannot move process \d+: Node #9 is not configured/],
])("migrate %s is refused, and says why", async (words, reason) => {
  const said = await run(home(), `sleep 60 </dev/null & migrate ${words} 2>&1; s=$?; kill $!; (exit $s)`);
  expect(said.code).toBe(1);
  expect(said.output).toMatch(reason);
});

test("mosrun starts a program on another node, and says where it cannot", async () => {
  const pid = await start("mosrun -3 /srv/work 100000 1 7 job >/dev/null");
  await secondsUntil(home(), "mps", new RegExp(`^ *${pid} +3 +1 +[RS] +1 +mosrun -3 /srv/work`, "m"), 60);
  await secondsUntil(nodes[2]!, "ps -o args", /^\/srv\/work 100000/m, 10);
  expect((await run(home(), `kill ${pid}; wait ${pid}`, LONG)).code).toBe(143);
  const script = "mosrun -2 sh -c 'echo there; exit 7' </dev/null >/tmp/out";
  expect((await run(home(), script, LONG)).code).toBe(7);
  expect(await output(home(), "cat /tmp/out")).toBe("there\n");
  const failed = await run(home(), "mosrun -9 echo no 2>&1");
  expect(failed).toMatchObject({ output: "Migration Failed: Node #9 is not configured\n", code: 1 });
  expect(await output(home(), "mosrun -9 -F echo yes; mosrun --help")).toMatch(/^yes\nUsage: mosrun /);
});

test("mosctl expel sends guests home, and mosctl bring fetches jobs home; both say so and keep it so", async () => {
  const pid = await start("/srv/work 100000 1 7 job >/dev/null");
  await output(home(), `migrate ${pid} 2; mosctl block`, LONG);
  expect(await output(nodes[1]!, "mosctl expel", LONG)).toBe(
    "All remote processes were expelled and no further remote processes accepted.\n",
  );
  expect(await output(nodes[1]!, "mosctl status; clump jobs")).toMatch(/^up,block\.\nno process .* no guest/);
  expect(await output(home(), "mps")).toMatch(new RegExp(`^ *${pid} +1 +2 +[RS] `, "m"));
  const refused = await run(home(), `sleep 2; migrate ${pid} 2 2>&1`);
  expect(refused.output).toContain("node 2 takes no guests (mosctl block)");
  await output(home(), `mosctl noblock; migrate ${pid} 3`, LONG);
  expect(await output(home(), "mosctl bring", LONG)).toBe(
    "All local processes were brought back and will stay here.\n",
  );
  expect(await output(home(), "mosctl status; mps")).toMatch(
    new RegExp(`^up,lstay\\.\n[^]*^ *${pid} +1 +4 `, "m"),
  );
  expect((await run(home(), `kill ${pid}; wait ${pid}`, LONG)).code).toBe(143);
  await Promise.all([output(nodes[1]!, "mosctl noblock"), output(home(), "mosctl nolstay")]);
});

test("/mfs shows the files of the nodes, until mosctl nomfs of a node takes its own away", async () => {
  await output(home(), "echo of home >/root/mark");
  await output(nodes[1]!, "echo of two >/root/mark");
  const look = "cat /mfs/2/root/mark; cat /mfs/here/root/mark; cat /mfs/home/root/mark; cat /mfs/1/root/mark";
  expect(await output(home(), look, LONG)).toBe("of two\nof home\nof home\nof home\n");
  expect((await run(home(), "ls /mfs/9")).code).not.toBe(0);
  expect(await output(nodes[1]!, "mosctl nomfs")).toBe("MFS access to this node now disallowed.\n");
  await secondsUntil(home(), "cat /mfs/2/root/mark 2>&1", /^cat: /, 10);
  expect(await output(nodes[1]!, "mosctl mfs")).toBe("MFS access to this node now allowed.\n");
  await secondsUntil(home(), "cat /mfs/2/root/mark", /^of two/, 10);
  // Whoever mounts is killed, and the daemon with it: both come back, because moves were used here.
  await output(home(), "kill -9 $(pidof clump-wake)");
  await secondsUntil(home(), "clump jobs", /no guest is here/, 20);
  await secondsUntil(home(), "cat /mfs/2/root/mark", /^of two/, 10);
  expect(Object.keys(await held(home())).sort()).toEqual([
    "clump-files",
    "clump-view",
    "clump-wake",
    "clumpjobs",
  ]);
});

test("the power of a guest's node fails: the job ends by SIGKILL, and the log names it", async () => {
  const pid = await start("/srv/work 100000 1 7 job >/dev/null");
  await output(home(), `migrate ${pid} 3`, LONG);
  // This one is started again from its image: what it wrote into its own file is written at the same place again.
  const kept = await start("mosrun --keep -3 /srv/work 60 1 7 job >/tmp/kept");
  await secondsUntil(home(), "cat /tmp/kept", /job 3\n/, 60);
  await nodes[2]![Symbol.asyncDispose]();
  expect((await run(home(), `wait ${pid}`, LONG)).code).toBe(137);
  expect((await run(home(), `wait ${kept}`, LONG)).code).toBe(7);
  expect(await output(home(), "cat /tmp/kept")).toBe(expectedKept);
  // The daemon looks once a second at what has ended.
  await secondsUntil(home(), "ls -A /run/clump/jobs/kept; echo end", /^end/, 5);
  expect(await output(home(), "dmesg")).toMatch(
    new RegExp(`clumpjobs: job ${pid} \\(work\\) was on 192\\.168\\.7\\.3 and is lost: its node is dead`),
  );
  const refused = await run(home(), "sleep 60 </dev/null & migrate $! 3 2>&1; s=$?; kill $!; (exit $s)");
  expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/node 3 is dead/) });
});

test("the power of a home fails: its guests end", async () => {
  const pid = await start("/srv/work 100000 1 7 job >/dev/null");
  await output(home(), `migrate ${pid} 2`, LONG);
  await home()[Symbol.asyncDispose]();
  await secondsUntil(nodes[1]!, "pidof work || echo none", /none/, 20);
  await secondsUntil(nodes[1]!, "clump jobs", /no guest is here/, 5);
});
