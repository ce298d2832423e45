import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Freezer, recoverGroups, removeEmptyGroups } from "../../cluster/migration/freezer.ts";
import { treeOf } from "../../probes/processes/process.ts";
import { until } from "../lib/until.ts";
import { Programs } from "./compile.ts";
import { Groups } from "./groups.ts";

let groups: Groups;

beforeAll(() => {
  groups = new Groups();
});
afterAll(() => groups.remove());

test("a tree stands still once a child that has left its group has ended", async () => {
  const child = Bun.spawn(["sh", "-c", "sleep 60 & wait"]);
  await until(() => treeOf("", child.pid).length === 2);
  const freezer = new Freezer(groups.path, child.pid);
  // So looks a process between its last step and its end.
  const [leaving] = freezer.others;
  writeFileSync(join(groups.path, "cgroup.procs"), String(leaving));
  let isStill = false;
  const frozen = freezer.freeze().then(() => {
    isStill = true;
  });
  await until(() => freezer.isFrozen());
  await Bun.sleep(50);
  expect(isStill).toBe(false);
  process.kill(leaving!, "SIGKILL");
  await frozen;
  child.kill("SIGKILL");
  await freezer.release();
  await child.exited;
});

test("the group of a process that was killed goes, though the kernel takes time to give its memory back", async () => {
  // tail(1) keeps all of it in memory.
  const child = Bun.spawn(["tail", "-c", "200M"], { stdin: "pipe", stdout: "ignore" });
  child.stdin.write(new Uint8Array(200 << 20));
  await child.stdin.flush();
  const freezer = new Freezer(groups.path, child.pid);
  await freezer.freeze();
  child.kill("SIGKILL");
  await freezer.release();
  expect(existsSync(freezer.folder)).toBe(false);
});

test("a group that could not be removed at once is removed when its last process is gone", async () => {
  const child = Bun.spawn(["sleep", "60"]);
  const { folder } = new Freezer(groups.path, child.pid);
  removeEmptyGroups(groups.path);
  expect(existsSync(folder)).toBe(true);
  child.kill("SIGKILL");
  await child.exited;
  await until(() => {
    removeEmptyGroups(groups.path);
    return !existsSync(folder);
  });
});

test("after a daemon that died, a guest is back in the group of guests, and another process in the top group", async () => {
  const programs = new Programs();
  const work = programs.compile("work", ["test/jobs/trial/work.c"], "small");
  const root = mkdtempSync(join(tmpdir(), "root-"));
  const script = 'mount -t tmpfs none "$1"; cp "$0" "$1/work"; exec chroot "$1" /work 1000 1 0 guest';
  const guest = Bun.spawn(["unshare", "--mount", "sh", "-c", script, work, root], { stdout: "ignore" });
  const other = Bun.spawn(["sleep", "60"]);
  const guests = join(groups.path, `guests-${process.pid}`);
  mkdirSync(guests);
  while (!readFileSync(`/proc/${guest.pid}/cmdline`, "utf8").startsWith("/work\0")) await Bun.sleep(10);
  for (const { pid } of [guest, other]) await new Freezer(groups.path, pid).freeze();
  expect(recoverGroups(groups.path, guests)).toEqual(expect.arrayContaining([guest.pid, other.pid]));
  const groupOf = (pid: number) => /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, "utf8"))?.[1];
  expect([groupOf(guest.pid), groupOf(other.pid)]).toEqual([`/guests-${process.pid}`, "/"]);
  for (const child of [guest, other]) {
    child.kill("SIGKILL");
    await child.exited;
  }
  await Bun.sleep(100);
  for (const folder of [guests, root]) rmdirSync(folder);
  programs.remove();
});
