import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { look, lookAround } from "../../cluster/migration/examination/examine.ts";
import { CriuHangs, clearImages, OPTIONS, runCriu, WaitingCriu } from "../../cluster/migration/run-criu.ts";
import { childrenOf, hasEnded, readProcess } from "../../probes/processes/process.ts";
import { until } from "../lib/until.ts";
import { Bed } from "./bed.ts";

let bed: Bed;
beforeEach(() => {
  bed = new Bed();
});
afterEach(() => bed.remove());

test.each([
  [
    "with what it complained of",
    'echo "(00.01) Error (criu/tty.c:42): tty: none" >"$1"; exit 1',
    "tty: none",
  ],
  [
    "with what ended it, and not with what this machine has not",
    'printf "Error (criu/util.c:642): exited, status=1\\n   7: Error (criu/files.c:1367): no cwd\\n" >"$1"; exit 1',
    "no cwd",
  ],
  ["with the signal that ended it", "kill -KILL $$", "SIGKILL has ended it"],
  [
    "with the signal that ended it, whatever it complained of before",
    'echo "(00.01) Error (criu/tun.c:85): tun: none" >"$1"; kill -KILL $$',
    "SIGKILL has ended it",
  ],
  [
    "with its words where it did not begin",
    "echo nsenter: no such thing >&2; exit 126",
    "nsenter: no such thing",
  ],
  ["without a reason where it gave none", "exit 1", "it gave no reason"],
])("criu(8) fails %s", async (_, body, reason) => {
  const log = join(bed.folder, "dump.log");
  await expect(runCriu([bed.script("criu", body), log], log)).rejects.toThrow(new Error(reason));
});

test("a child that a killed criu(8) leaves keeps nobody waiting", async () => {
  const log = join(bed.folder, "dump.log");
  const started = performance.now();
  const leaves = bed.script("criu", "sleep 3 & kill -KILL $$");
  await expect(runCriu([leaves, log], log)).rejects.toThrow("SIGKILL has ended it");
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("criu(8) is told to do without breakpoints, which not every hypervisor lets through", async () => {
  const log = join(bed.folder, "dump.log");
  await runCriu([bed.script("criu", 'echo "$CRIU_FAULT" >"$1"'), log], log);
  expect(readFileSync(log, "utf8")).toBe("130\n");
});

describe("criu(8) that waits for its last options", () => {
  const start = async (body: string) => {
    const [log, fifo] = [join(bed.folder, "dump.log"), join(bed.folder, "options")];
    return await WaitingCriu.start({ command: [bed.script("criu", body), fifo, log], log, fifo });
  };
  const reads = 'options=$(cat "$1"); [ -n "$options" ] || exit 1; echo "$options" >"$2"';

  test("gets them, and nothing before", async () => {
    const criu = await start(reads);
    expect(existsSync(join(bed.folder, "dump.log"))).toBe(false);
    const groups: number[] = [];
    await criu.run("tree 42\n", { begun: (group) => void groups.push(group) });
    expect(readFileSync(join(bed.folder, "dump.log"), "utf8")).toBe("tree 42\n");
    expect(groups).toHaveLength(1);
  });

  test("gets them also where it is slow to start", async () => {
    const criu = await start(`sleep 0.6; ${reads}`);
    await criu.run("tree 42\n");
    expect(readFileSync(join(bed.folder, "dump.log"), "utf8")).toBe("tree 42\n");
  });

  test("ends where it is given up", async () => {
    const pid = join(bed.folder, "pid");
    const criu = await start(`echo $$ >${pid}; ${reads}`);
    criu.abandon();
    await until(() => hasEnded("", Number(readFileSync(pid, "utf8"))));
    expect(existsSync(join(bed.folder, "dump.log"))).toBe(false);
  });

  test("ends where its daemon has, also where it has not come to its options yet", async () => {
    const [images, pid] = [join(bed.folder, "images"), join(bed.folder, "pid")];
    const waits = async (name: string, before: string) => {
      mkdirSync(join(images, name), { recursive: true });
      const fifo = join(images, name, OPTIONS);
      Bun.spawnSync(["mkfifo", fifo]);
      const words = [bed.script(name, `echo $$ >${pid}.${name}; ${before} cat "$1"`), fifo];
      const child = Bun.spawn(words, { stdio: ["ignore", "ignore", "ignore"] });
      await until(() => existsSync(`${pid}.${name}`));
      return child;
    };
    const children = [await waits("one", ""), await waits("other", "sleep 0.3;")];
    await Bun.sleep(100);
    clearImages(images);
    for (const child of children) expect(await child.exited).toBeNumber();
    expect(readdirSync(images)).toEqual([]);
  });

  test("has ended before, and says why", async () => {
    const criu = await start("echo none >&2; exit 1");
    await expect(criu.run("tree 42\n")).rejects.toThrow(new Error("none"));
  });
});

test("what criu(8) has of a process that it dumps is not in other hands", async () => {
  const command = "sleep 60 | exec setsid sleep 61 & wait";
  await using shell = Bun.spawn(["sh", "-c", command], { stdio: ["ignore", "ignore", "ignore"] });
  const program = (pid: number) => readProcess("", pid)?.argv.join(" ");
  const children = () => childrenOf("", shell.pid).map((pid) => [program(pid), pid] as const);
  const both = ["sleep 60", "sleep 61"] as const;
  await until(() => both.every((words) => children().some(([program]) => program === words)));
  const [writer, reader] = both.map((words) => new Map(children()).get(words)!) as [number, number];
  try {
    expect(lookAround(look(writer)).relays).toMatchObject([{ fd: 1, mode: "w" }]);
    expect(lookAround(look(writer), reader)).toMatchObject({ relays: [], refusals: [] });
  } finally {
    for (const pid of [writer, reader]) process.kill(pid, "SIGKILL");
  }
});

describe("criu(8) that takes long", () => {
  test("is ended with what it has started where it writes nothing", async () => {
    const [log, pid] = [join(bed.folder, "dump.log"), join(bed.folder, "pid")];
    const hangs = bed.script("criu", `sleep 60 & echo $! >${pid}; wait`);
    await expect(runCriu([hangs, log], log, { patience: 300 })).rejects.toThrow(
      new CriuHangs("criu did not end, and wrote nothing for 0.3 s"),
    );
    const child = Number(readFileSync(pid, "utf8"));
    while (!hasEnded("", child)) await Bun.sleep(5);
  });

  test("gives its process back by SIGALRM, and is killed where it does not", async () => {
    const log = join(bed.folder, "dump.log");
    const ends = bed.script("criu", 'trap "echo back >$1; exit 1" ALRM; sleep 60 & wait; sleep 60');
    await expect(runCriu([ends, log], log, { patience: 300 })).rejects.toThrow(CriuHangs);
    expect(readFileSync(log, "utf8")).toBe("back\n");
    const pid = join(bed.folder, "pid");
    const stays = bed.script("criu", `echo $$ >${pid}; trap "" ALRM; exec sleep 60`);
    await expect(runCriu([stays, log], log, { patience: 300 })).rejects.toThrow(CriuHangs);
    expect(hasEnded("", Number(readFileSync(pid, "utf8")))).toBe(true);
  }, 30_000);

  test("comes to its end as long as it writes images", async () => {
    const log = join(bed.folder, "dump.log");
    const image = join(bed.folder, "pages-1.img");
    const writes = bed.script("criu", `for i in 1 2 3 4 5 6; do echo page >>${image}; sleep 0.2; done`);
    await runCriu([writes, log], log, { patience: 800 });
    expect(readFileSync(image, "utf8")).toBe("page\n".repeat(6));
  });
});
