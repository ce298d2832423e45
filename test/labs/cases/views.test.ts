/** A process moves into the view of its home. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileServer } from "../../../cluster/files/file-server.ts";
import { HomeViews } from "../../../cluster/files/home-views.ts";
import { linuxMounts } from "../../../system/kernel/linux-mounts.ts";
import { Programs } from "../../jobs/compile.ts";
import { Setting, write } from "./setting.ts";

/** This machine is home and guest's node at once: its view of itself shows what came through the view by its type. */
const ADDRESS = "127.0.0.1";
const PORT = 16_431;
const programs = new Programs();
const folder = mkdtempSync(join(tmpdir(), "view-"));
let server: FileServer;
let views: HomeViews;
let setting: Setting;

beforeAll(async () => {
  const program = programs.deputy("small");
  server = new FileServer({
    ...{ program: programs.named(program, "clump-files"), port: PORT, servesSelf: true, hidden: [folder] },
    closed: join(folder, "closed"),
  });
  await server.start(ADDRESS);
  views = new HomeViews({
    ...{ reach: { to: async (address) => address }, kernel: linuxMounts, image: "", port: PORT },
    ...{ folder: join(folder, "views"), program: programs.named(program, "clump-view") },
  });
  setting = await Setting.start(async () => await views.rootFor({ address: ADDRESS, image: "" }));
}, 120_000);
afterAll(async () => {
  await setting?.stop();
  views.forget(ADDRESS);
  await server.stop();
  programs.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a script of bash that moves before its last part; gives what that part has printed. */
async function runMoved(last: string, first = ""): Promise<string> {
  const path = setting.folder();
  write(path, "list", "one\ntwo\nthree\n");
  write(path, "s.sh", `${first}\nuntil [ -e go ]; do sleep 0.05; done\n${last}\n`);
  const { ended } = setting.start("exec bash s.sh >out", path);
  await setting.moveAway(/^bash s\.sh$/);
  setting.go(path);
  expect((await ended).out).toBe("");
  return setting.read(path, "out");
}

describe("a process that moves into the view of its home", () => {
  test("has the result of a run at home", async () => {
    const script = 'set -o pipefail; "$WORK" 4 3 3 leaf $HOLD | md5sum; echo $?';
    const { ended } = setting.start(script, setting.folder());
    await setting.moveAway(/work 4 3 3 leaf 1024/);
    const { out, status } = await ended;
    expect({ out, status }).toEqual(await setting.reference(script));
  });

  test("works on home's files, in its folder, by the view", async () => {
    const out = await runMoved("echo by guest >made; pwd; cat made; stat -f -c %T made; rm made; ls | xargs");
    expect(out).toMatch(/^\/.*\/\d+\nby guest\nfuse(blk)?\ngo list out s\.sh\n$/);
  });

  test("goes on with the files that it has open", async () => {
    const out = await runMoved(
      "read line <&3; echo $line; echo after >&4; cat log; stat -L -c %h /proc/$$/fd/5; cat /proc/$$/fd/5; ls",
      "exec 3<list 4>>log 5<>gone; rm gone; read line <&3; echo before >&4; echo unlinked >&5",
    );
    expect(out).toBe("two\nbefore\nafter\n0\nunlinked\ngo\nlist\nlog\nout\ns.sh\n");
  });

  test("sees no disk, no other terminal, nothing of this node's state, and its own processes alone", async () => {
    const out = await runMoved(
      `ls -mw 0 /dev | tr -d ,; ls /dev/pts; ls /sys; ls ${folder}; cut -d' ' -f2,3 /proc/mounts; ls /proc | grep -c '^[0-9]'`,
    );
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toBe("fd full null ptmx pts random shm stderr stdin stdout tty urandom zero");
    expect(lines[1]).toBe("ptmx");
    const mounts = lines.slice(2, -1).filter((line) => !line.startsWith(setting.pair.folder));
    expect(mounts.filter((line) => !/^\/(run\/clump )?/.test(line))).toEqual([]);
    expect(mounts).toContain("/ fuse.clump");
    expect(mounts.filter((line) => / (ext4|xfs|btrfs|overlay|sysfs|cgroup2?|devtmpfs)$/.test(line))).toEqual(
      [],
    );
    expect(Number(lines.at(-1))).toBeLessThan(12);
  });
});
