/** Where a process can go to: what is refused, with the reason, and leaves the process unharmed. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reason } from "../../../system/log.ts";
import { must } from "../../jobs/trial/lab-node.ts";
import { Shells } from "./shells.ts";

let shells: Shells;
let started = 0;
let job: { readonly pid: number; readonly end: () => Promise<void> };

beforeAll(async () => {
  shells = await Shells.start();
}, 120_000);
afterAll(async () => await shells?.stop());

/** Each test has a job, which is right at its end, whatever was tried with it. */
beforeEach(async () => {
  started += 1;
  const go = join(shells.folder, `go.${started}`);
  const { out, shell } = shells.run(`${shells.work} 6 1 7 job 1024 ${go}; echo $?`);
  const pid = await shells.pidOf(new RegExp(`work 6 1 7 job 1024 ${go}$`));
  const end = async () => {
    await Bun.write(go, "");
    await shell.exited;
    const wanted = Bun.spawnSync([shells.work, "6", "1", "7", "job"]).stdout.toString();
    expect(shells.read(out)).toBe(`${wanted}7\n`);
  };
  job = { pid, end };
});
afterEach(async () => await job.end());

/** What comes of a wish to move the job. */
const wish = async (to: string) => await shells.nodes.migrate(job.pid, to).then(() => "moved", reason);

test("to the node where it is", async () => {
  expect(await wish("1")).toBe(`Process #${job.pid} is at home.`);
  expect(await wish("home")).toBe(`Process #${job.pid} is at home.`);
  expect(await wish("2")).toBe("moved");
  expect(await wish("2")).toBe(`Process #${job.pid} is on node 2.`);
});

test("to two nodes at once: one of them gets it", async () => {
  const wishes = [wish("2"), wish("3")];
  expect((await Promise.all(wishes)).sort()).toEqual(["Process was already sent elsewhere.", "moved"]);
  const guests = await Promise.all(
    ([2, 3] as const).map((node) => shells.nodes.clump(node, "clump", "jobs")),
  );
  expect(guests.filter(({ said }) => said.includes("of 1")).length).toBe(1);
  // The same with a guest that goes on.
  const [place] = guests[0]!.said.includes("of 1") ? ["3"] : ["2"];
  expect((await Promise.all([wish(place), wish("home")])).sort()).toEqual([
    "Process was already sent elsewhere.",
    "moved",
  ]);
});

test("to a node without room", async () => {
  shells.nodes.say([], [2]);
  expect(await wish("2")).toMatch(
    /^Cannot move process \d+: it has \d+ MB in memory, and node 2 has 0 MB free$/,
  );
  shells.nodes.say();
  expect(await wish("2")).toBe("moved");
});

test("to a node that is dead", async () => {
  shells.nodes.say([3]);
  expect(await wish("3")).toBe(`Cannot move process ${job.pid}: node 3 is dead`);
  shells.nodes.say();
});

test("to a node whose processor is older", async () => {
  const cpuinfo = join(shells.folder, "cpuinfo");
  const flags = readFileSync("/proc/cpuinfo", "utf8");
  await Bun.write(cpuinfo, flags.replaceAll(/ (ssse3|sse4_2)\b/g, ""));
  must(shells.nodes.on(2, "mount", "--bind", cpuinfo, "/proc/cpuinfo"));
  expect(await wish("2")).toBe(
    `Process #${job.pid} is unmovable to node 2: its processor lacks ssse3, sse4_2`,
  );
  must(shells.nodes.on(2, "umount", "/proc/cpuinfo"));
  expect(await wish("2")).toBe("moved");
});

test("process 1, a thread of the kernel and a shell at its prompt stay", async () => {
  const terminal = shells.terminal();
  await terminal.expect(/\$ $/);
  const text = await terminal.enter("echo pid=$$.", /pid=\d+\./);
  const shell = Number(/pid=(\d+)\./.exec(text)?.[1]);
  const migrate = async (pid: number) => await shells.nodes.migrate(pid, "2").then(() => "moved", reason);
  expect(await migrate(1)).toBe("Process #1 is unmovable: is process 1");
  expect(await migrate(shell)).toMatch(/^Process #\d+ is unmovable: leads a session/);
  await terminal.enter("echo runs on", /runs on\r\n/);
  terminal.close();
  expect(await migrate(2 ** 22)).toBe(`No such process (${2 ** 22}).`);
});
