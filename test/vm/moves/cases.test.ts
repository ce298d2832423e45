/** What a process may have, do, and be to its shell, on three nodes with criu(8) and the kernel of the image. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { Programs } from "../../jobs/compile.ts";
import { CASE_SOURCES, MOVING, STAYING } from "../../labs/cases/cases.ts";
import { bootCluster, oneCluster, secondsUntil, startLan } from "../../lib/cluster.ts";
import { packPrograms, USE_HOME_PROGRAMS } from "../../lib/home-programs.ts";
import { appendArchive } from "../../lib/patched-initrd.ts";
import { openShell, output, run } from "../../lib/shell.ts";

const LONG = { within: 90 };
const CTRL_C = "\x03";
const CTRL_Z = "\x1a";
const CTRL_BACKSLASH = "\x1c";

const PROGRAMS = {
  work: ["test/jobs/trial/work.c"],
  case: CASE_SOURCES,
  screen: ["test/labs/cases/screen.c"],
};

const machines = new AsyncDisposableStack();
let home: Vm;
/** What `work` prints at home. This program is the network of the nodes, and must not stand still meanwhile. */
let print: (...words: readonly string[]) => Promise<string>;

beforeAll(async () => {
  const programs = new Programs();
  machines.defer(() => programs.remove());
  const paths = new Map(
    Object.entries(PROGRAMS).map(([name, sources]) => [name, programs.compile(name, sources, "small")]),
  );
  const made = [...paths].map(([name, path]) => ({
    ...{ path: `srv/${name}`, type: "file" as const, mode: 0o755 },
    bytes: readFileSync(path),
  }));
  print = async (...words) => await Bun.spawn([paths.get("work")!, ...words]).stdout.text();
  const initrd = machines.use(
    appendArchive([
      { path: "clump.key", type: "file", mode: 0o600, bytes: Buffer.from("the key of the room\n") },
      { path: "srv", type: "directory", mode: 0o755 },
      { path: "srv/cases.sh", type: "file", mode: 0o644, bytes: readFileSync("test/vm/moves/cases.sh") },
      ...made,
      // bash(1): that of the image is one of its tools, which a node fetches.
      ...(await packPrograms("programs", ["bash"])),
    ]),
  );
  machines.use(await oneCluster());
  const lan = machines.use(startLan());
  const nodes = await bootCluster(3, lan.path, { initrd: initrd.path }, machines);
  home = nodes[0]!;
  await output(home, `${USE_HOME_PROGRAMS}; modprobe fuse; . /srv/cases.sh`, LONG);
});
afterAll(async () => await machines.disposeAsync());

describe("a process moves, and is right, with", () => {
  const cases = Object.entries(MOVING).map(([name, what], index) => [what, name, 2 + (index % 2)] as const);
  test.each(cases)("%s", async (_, name, node) => {
    expect(await output(home, `a_case ${name} ${node}`, LONG)).toBe("migrate 0, case 3: right\n");
  });
});

describe("a process stays at home with the reason, and is right, with", () => {
  const cases = Object.entries(STAYING).map(([name, [what, why]]) => [what, name, why] as const);
  test.each(cases)("%s", async (_, name, why) => {
    const said = await output(home, `a_case ${name} 2`, LONG);
    expect(said).toStartWith("migrate 1, case 3: right\nmigrate: Process #");
    expect(said).toContain(` is unmovable: ${why}`);
  });
});

/** Functions of cases.sh, and what each prints. */
const SCRIPTS: readonly (readonly [what: string, script: string, prints: () => string | Promise<string>])[] =
  [
    ["wait gives its status", "some_statuses 0 1 126 128 255", () => "0 1 126 128 255\n"],
    ["wait -n gives the status of each of 8", "each_of 8", () => `${upTo(8).join(" ")}\n`],
    ["timeout ends it", "in_time", () => "143\n"],
    ["kill 0 ends its children, and a trap of EXIT runs", "traps", () => "3\ngot\ntrapped\n"],
    ["kill -- -PGID reaches each process of it", "group", () => "one root two\n"],
    ["it reads no more of a shared list than it takes", "shared_list", () => "b\nright\na 3 c\n"],
    ["eight jobs append to one log from three nodes", "appends 8", appended],
    [
      "uid 1000 writes in a folder of a folder",
      "of_user",
      () => "3\nright\n1000 /tmp/cases/of_user/a/b 1000\n",
    ],
  ];

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function appended(): Promise<string> {
  const printed = await Promise.all(upTo(8).map((job) => print("40", "1", "0", `w${job}`)));
  const lines = printed.flatMap((text) => text.trim().split("\n"));
  return `${Bun.MD5.hash(`${lines.sort().join("\n")}\n`, "hex")}  -\n`;
}

describe("a job moves, and for its shell", () => {
  test.each(SCRIPTS)("%s", async (_, script, prints) => {
    // A file: of jobs that end at once, bash -c forgets some.
    const lines = `. /srv/cases.sh; in_folder ${script.split(" ")[0]}; ${script}`;
    const ran = output(home, `echo '${lines}' >/tmp/script; bash /tmp/script`, { within: 2 * LONG.within });
    expect(await ran).toBe(await prints());
  });
});

/** Types a line that starts a program in the foreground, and waits until that program has moved; the shell then does that. */
async function inForeground(line: string, program: string, then = ""): Promise<void> {
  home.console.send(`soon ${program} 2 '${then}'; ${line}\n`);
  await home.console.expect(/^moved 0(?=\n)/m, LONG);
}

/** Types that, and waits for an answer. */
async function type(text: string, answer: RegExp | string): Promise<RegExpExecArray> {
  home.console.send(text);
  return await home.console.expect(answer, LONG);
}

/** The status of the command before, as the shell has it. */
async function status(): Promise<number> {
  return Number((await type("echo status=$?.\n", /status=(\d+)\./))[1]);
}

describe("a job of the terminal moves, and", () => {
  test("Ctrl-Z stops it, bg and fg make it go on, Ctrl-C ends it", async () => {
    await inForeground("/srv/work 100000 1 7 stops >/tmp/log", "work");
    await type(CTRL_Z, /Stopped/);
    await type("bg\n", /work 100000 1 7 stops/);
    await type("jobs\n", /Running/);
    await type("fg\n", /work 100000 1 7 stops/);
    await Bun.sleep(1_000);
    home.console.send(CTRL_C);
    expect(await status()).toBe(130);
  });

  test("Ctrl-\\ ends it", async () => {
    await inForeground("/srv/work 100000 1 7 quits >/tmp/log", "work");
    home.console.send(CTRL_BACKSLASH);
    expect(await status()).toBe(131);
  });

  test("Ctrl-C runs its trap", async () => {
    const script = '#!/bin/sh\ntrap "echo trapped; exit 5" INT; while :; do sleep 1; done';
    await output(home, `in_folder trap; cat >traps <<'END'\n${script}\nEND\nchmod +x traps`);
    await inForeground("./traps", "traps");
    await type(CTRL_C, /trapped\n/);
    expect(await status()).toBe(5);
  });

  test("what is typed ahead is for the shell", async () => {
    await output(home, "in_folder ahead");
    await inForeground("/srv/work 4 1 7 ahead 1024 go", "work", "sleep 3; touch go");
    await type("echo typed-$((1 + 1))-ahead\n", /^ahead end \w+$[\s\S]*^typed-2-ahead$/m);
  });

  test("it learns that the terminal has another size", async () => {
    await inForeground("/srv/screen size", "screen", "stty cols 120 rows 40");
    await home.console.expect(/^winch 120 40(?=\n)/m, LONG);
    home.console.send(CTRL_C);
    await output(home, "stty cols 80 rows 24");
  });

  test("vi takes keys one by one, and writes its file", async () => {
    await inForeground("vi /tmp/letter", "vi");
    await type("ione\rtwo", /two/);
    home.console.send("\x1b");
    // Keys that come with Escape are those of a function key.
    await Bun.sleep(2_000);
    await type(":wq\r", "# ");
    expect(await status()).toBe(0);
    expect(await output(home, "cat /tmp/letter")).toBe("one\ntwo\n");
  });

  test("nohup lets it go on when its shell ends", async () => {
    await output(
      home,
      "in_folder nohup; nohup /srv/work 20 1 0 nohup 1024 go >said 2>&1 & migrate $! 2",
      LONG,
    );
    home.console.send("exit\n");
    await openShell(home, LONG);
    await output(home, "cd /tmp/cases/nohup; touch go");
    await secondsUntil(home, "clump jobs", /no process/, 60);
    expect(await output(home, "cat said")).toBe(
      `nohup: ignoring input\n${await print("20", "1", "0", "nohup")}`,
    );
  });
});

test("a process that is stopped stays at home", async () => {
  const start = "/srv/work 100000 1 0 job >/dev/null & usleep 500000; kill -STOP $!";
  const said = await run(home, `${start}; migrate $! 2 2>&1; s=$?; kill -9 $!; (exit $s)`, LONG);
  expect(said).toMatchObject({ code: 1, output: expect.stringContaining("is stopped") });
});
