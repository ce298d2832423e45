import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Vm } from "../../assets/qemu/vm.ts";
import { Programs } from "../jobs/compile.ts";
import { bootMember, secondsUntil, startLan } from "../lib/cluster.ts";
import { homePrograms, USE_HOME_PROGRAMS } from "../lib/home-programs.ts";
import { appendArchive } from "../lib/patched-initrd.ts";
import { output, run } from "../lib/shell.ts";

/** criu(8) asks the kernel for its features at its first start, and the kernel loads modules for the answers. */
const FIRST_START = { within: 60 };
const LONG = { within: 120 };

const PIPELINE = `for tag in a b c d; do /srv/work 60 1 3 $tag | md5sum; echo "\${PIPESTATUS[0]}"; done
exit 4
`;

const machines = new AsyncDisposableStack();
let first: Vm;
let second: Vm;

beforeAll(async () => {
  const programs = new Programs();
  const work = readFileSync(programs.compile("work", ["test/jobs/trial/work.c"], "small"));
  programs.remove();
  const text = (path: string, content: string) =>
    ({ path, type: "file", mode: 0o644, bytes: Buffer.from(content) }) as const;
  const initrd = machines.use(
    appendArchive([
      ...(await homePrograms()),
      { path: "srv/work", type: "file", mode: 0o755, bytes: work },
      text("clump.key", "the key of the room\n"),
      text("srv/pipeline.sh", PIPELINE),
    ]),
  );
  const lan = machines.use(startLan());
  const boot = async (id: number) =>
    machines.use(await bootMember(id, lan.path, { initrd: initrd.path, memoryMegabytes: 512 }));
  [first, second] = await Promise.all([boot(1), boot(2)]);
  for (const vm of [first, second]) {
    await secondsUntil(vm, "clump nodes", /(?:.* up .*\n){2}/, 20);
    await output(vm, USE_HOME_PROGRAMS);
  }
}, 240_000);
afterAll(async () => await machines.disposeAsync());

test("an archive that is mounted stays mounted, and criu(8) finds all it needs of the kernel", async () => {
  const check = async (vm: Vm) => {
    for (const _ of [1, 2]) await output(vm, "/usr/lib/clump/archive mount moves", FIRST_START);
    expect(await output(vm, "criu check", FIRST_START)).toContain("Looks good.");
  };
  await Promise.all([check(first), check(second)]);
}, 120_000);

/** Starts a line in the background, moves a program of it, and gives what the line has written at its end. */
async function moveIn(line: string, program: string): Promise<string> {
  await output(first, `(${line}; echo "status $?") </dev/null 2>&1 | cat >/root/out & sleep 2`);
  await output(first, `migrate $(pidof ${program}) 2`, LONG);
  expect(await output(second, "clump jobs")).toContain(" of 1 (192.168.7.1)");
  await output(first, "wait", LONG);
  await secondsUntil(second, "clump jobs", /no guest is here/, 10);
  return await output(first, "cat /root/out");
}

test("criu(8) alone stops a process, and makes it go on", async () => {
  await output(first, "setsid /srv/work 60 3 0 alone >/root/alone </dev/null 2>&1 & sleep 1");
  await output(first, "mkdir /tmp/i && criu dump -t $(pidof work) -D /tmp/i -o log -v2", LONG);
  expect((await run(first, "pidof work")).code).toBe(1);
  await output(first, "criu restore -d -D /tmp/i -o log -v2", LONG);
  await secondsUntil(first, "cat /root/alone", /alone end/, 20);
  await output(first, "/srv/work 60 3 0 alone | cmp - /root/alone", LONG);
}, 240_000);

test("a bash script moves with the pipeline that runs in it, and starts the next ones elsewhere", async () => {
  const reference = await output(first, "bash /srv/pipeline.sh; echo status $?", LONG);
  expect(reference).toEndWith("\nstatus 4\n");
  expect(await moveIn("bash /srv/pipeline.sh", "bash")).toBe(reference);
}, 300_000);
