import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileServer } from "../../../cluster/files/file-server.ts";
import { HomeViews } from "../../../cluster/files/home-views.ts";
import { linuxMounts } from "../../../system/kernel/linux-mounts.ts";
import { Programs } from "../compile.ts";
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
});
afterAll(async () => {
  await setting.stop();
  views.forget(ADDRESS);
  await server.stop();
  programs.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs Python that moves while it sleeps; gives what it has printed. */
async function runMoved(python: string): Promise<string> {
  const path = setting.folder();
  write(path, "job.py", `import os,time,subprocess\ntime.sleep(1.2)\n${python}`);
  const { ended } = setting.start("exec python3 job.py", path);
  await setting.moveAway(/python3? job\.py$/);
  return (await ended).out;
}

const shell = (script: string) =>
  `print(subprocess.run(['sh','-c',${JSON.stringify(script)}],capture_output=True,text=True).stdout,end='')`;

describe("a process that moves into the view of its home", () => {
  test("has the result of a run at home", async () => {
    const script = 'set -o pipefail; "$WORK" 20 3 3 leaf | md5sum; echo $?';
    const { ended } = setting.start(script, setting.folder());
    await setting.moveAway(/work 20 3 3 leaf$/);
    const { out, status } = await ended;
    expect({ out, status }).toEqual(await setting.reference(script));
  });

  test("works on home's files, in its folder, by the view", async () => {
    const out = await runMoved(
      `open('made','w').write('by guest'); print(os.getcwd())\n${shell("cat made; stat -f -c %T .; rm made; ls")}`,
    );
    expect(out).toMatch(/^\/.*\/\d+\nby guestfuse(blk)?\njob\.py\n$/);
  });

  test("goes on with the files that it has open", async () => {
    const path = setting.folder();
    write(path, "list", "one\ntwo\nthree\n");
    const python = `import os,time
a=open('list'); print(a.readline().strip(),flush=True); b=open('log','a'); b.write('before\\n'); b.flush(); c=open('gone','w+'); c.write('unlinked'); c.flush(); os.unlink('gone')
time.sleep(1.2); print(a.readline().strip()); b.write('after\\n'); c.seek(0); print(c.read(), os.fstat(c.fileno()).st_nlink)`;
    write(path, "job.py", python);
    const { ended } = setting.start("exec python3 job.py", path);
    await setting.moveAway(/python3? job\.py$/);
    expect((await ended).out).toBe("one\ntwo\nunlinked 0\n");
    expect(setting.read(path, "log")).toBe("before\nafter\n");
  });

  test("sees no disk, no other terminal, nothing of this node's state, and its own processes alone", async () => {
    const out = await runMoved(
      shell(
        `ls -mw 0 /dev | tr -d ,; ls /dev/pts; ls /sys; ls ${folder}; cut -d' ' -f2,3 /proc/mounts; ls /proc | grep -c '^[0-9]'`,
      ),
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
