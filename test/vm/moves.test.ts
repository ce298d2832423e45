import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Vm } from "../../assets/qemu/vm.ts";
import { Programs } from "../jobs/compile.ts";
import { bootMember, secondsUntil, startLan } from "../lib/cluster.ts";
import { appendArchive, type PatchedInitrd } from "../lib/patched-initrd.ts";
import { output, run } from "../lib/shell.ts";

const LONG = { within: 90 };
/** Steps, megabytes, status and tag; a step is 50 ms or more. */
const WORK = "/srv/work 60 4 7 job";

let initrd: PatchedInitrd;
let machines: AsyncDisposableStack;
let nodes: readonly Vm[] = [];
let expected = "";

beforeAll(async () => {
  const programs = new Programs();
  const work = programs.compile("work", ["test/jobs/trial/work.c"], "small");
  expected = Bun.spawnSync([work, "60", "4", "7", "job"]).stdout.toString();
  initrd = appendArchive([
    { path: "clump.key", type: "file", mode: 0o600, bytes: Buffer.from("the key of the room\n") },
    { path: "srv", type: "directory", mode: 0o755 },
    { path: "srv/work", type: "file", mode: 0o755, bytes: readFileSync(work) },
  ]);
  programs.remove();
  machines = new AsyncDisposableStack();
  const lan = machines.use(startLan());
  nodes = await Promise.all(
    [1, 2, 3].map(async (id) => machines.use(await bootMember(id, lan.path, { initrd: initrd.path }))),
  );
  for (const node of nodes) await secondsUntil(node, "clump nodes", /(?:.* up .*\n){3}/, 20);
}, 240_000);
afterAll(async () => {
  await machines.disposeAsync();
  initrd[Symbol.dispose]();
});

const home = () => nodes[0]!;

/** Starts a job at home; gives its pid. */
async function start(command: string): Promise<number> {
  return Number(await output(home(), `${command} & sleep 1; echo $!`));
}

test("a job in the background moves to another node, and its shell cannot tell", async () => {
  const pid = await start(`${WORK} >/tmp/out`);
  await output(home(), `migrate ${pid} 2`, LONG);
  expect(await output(home(), "mps")).toMatch(new RegExp(`^ *${pid} +2 +1 +S +/srv/work`, "m"));
  expect(await output(home(), "jobs")).toContain("Running");
  expect(await output(nodes[1]!, "clump jobs")).toMatch(new RegExp(`^ *${pid} +work +of 1 `, "m"));
  expect((await run(home(), `wait ${pid}`, LONG)).code).toBe(7);
  expect(await output(home(), "cat /tmp/out")).toBe(expected);
});
