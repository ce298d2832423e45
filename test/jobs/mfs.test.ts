import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Mfs } from "../../cluster/files/mfs.ts";
import { freePort } from "../lib/port.ts";
import { Programs } from "./compile.ts";
import { type Outcome, SharedFiles } from "./shared-files.ts";

const programs = new Programs();
let program = "";
let files: SharedFiles;
let mfs: Mfs;
let mounter: Bun.Subprocess<"pipe", "pipe", "inherit">;
let target = "";
let port = 0;
let refused: string[] = [];

beforeAll(() => {
  program = programs.deputy("sanitized");
});
afterAll(() => programs.remove());
beforeEach(async () => {
  port = freePort();
  refused = [];
  files = new SharedFiles(programs, program, port);
  await files.open();
  target = join(files.folder, "mfs");
  await mount();
});

/** Without a command the program that mounts asks whoever has started it. */
async function mount(): Promise<void> {
  const words = [`mfs=${target}`, `port=${port}`];
  mounter = Bun.spawn([programs.named(program, "clump-wake"), ...words], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const reader = mounter.stdout.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("mounted\n");
  reader.releaseLock();
  mfs = new Mfs({
    questions: mounter.stdout,
    say: (line) => {
      mounter.stdin.write(`${line}\n`);
      void mounter.stdin.flush();
    },
    log: { info: (line) => void refused.push(line) },
    find: async (name) => {
      if (name === "1") return "own";
      if (name === "2") return { node: "10.0.0.2", address: "127.0.0.1" };
      throw new Error(`Node #${name} is not configured`);
    },
  });
  void mfs.serve();
}

async function unmount(): Promise<void> {
  mounter.kill("SIGTERM");
  await mounter.exited;
}

afterEach(async () => {
  mfs.forget("10.0.0.2");
  await unmount();
  await files.close();
});

/** Runs shell in /mfs. */
async function run(script: string): Promise<Outcome> {
  return await files.run(`cd ${target}; ${script}`);
}

/** The processes of the server of files. */
function servers(): number[] {
  const found = Bun.spawnSync(["pgrep", "-f", `port=${port} root=`]).stdout.toString();
  return found.trim().split("\n").map(Number);
}

describe("/mfs", () => {
  test("has the files of a node from the first look on, and the node itself as here and home", async () => {
    writeFileSync(join(files.home, "file"), "text\n");
    expect((await run("ls; cat 2/file; ls 2; echo new >2/new; cat 1/proc/none 2>/dev/null; ls")).out).toBe(
      "here\nhome\ntext\nfile\nhidden\n1\n2\nhere\nhome\n",
    );
    expect([readlinkSync(join(target, "here")), readlinkSync(join(target, "home"))]).toEqual(["/", "/"]);
    expect((await run(`cat "$HOME/new" 1${files.home}/new`)).out).toBe("new\nnew\n");
  });

  test("mounts once for all who look at the same time", async () => {
    const { out } = await run("for n in {1..20}; do ls 2 & done; wait; grep -c ' fuse.clump ' /proc/mounts");
    expect(out.split("\n").slice(0, 20)).toEqual(Array.from({ length: 20 }, () => "hidden"));
    expect((await run(`grep -c '${target}/2 fuse.clump' /proc/mounts`)).out).toBe("1\n");
  });

  test("has no node that is none, and says why in the log", async () => {
    expect((await run("ls 7; cat 7/file; ls")).out).toMatch(
      /^ls: .*No such file.*\ncat: .*No such file.*\nhere\nhome\n$/,
    );
    expect(refused).toContain("/mfs/7: Node #7 is not configured");
  });

  test("gives an error and no endless wait when a node dies, and lists the others", async () => {
    const before = servers();
    await run("ls 2");
    const pids = servers().filter((pid) => !before.includes(pid));
    for (const pid of pids) process.kill(pid, "SIGSTOP");
    const waiting = run("ls 2/hidden; ls -l");
    await Bun.sleep(300);
    mfs.forget("10.0.0.2");
    const { out } = await waiting;
    for (const pid of pids) process.kill(pid, "SIGCONT");
    expect(pids).toHaveLength(1);
    expect(out).toMatch(/connect/);
    expect(out).toContain("here");
    expect((await run("ls 2")).out).toBe("hidden\n");
  });

  test("is free for the next when its program ends", async () => {
    await run("ls 2");
    await unmount();
    expect((await run("ls")).out).toBe("");
    await mount();
    expect((await run("ls 2")).out).toBe("hidden\n");
  });

  test("is served by the next when its program was killed", async () => {
    await run("ls 2");
    mounter.kill("SIGKILL");
    await mounter.exited;
    await mount();
    expect((await run("ls 2")).out).toBe("hidden\n");
    expect((await run(`grep -c ' ${target} autofs ' /proc/mounts`)).out).toBe("1\n");
  });
});
