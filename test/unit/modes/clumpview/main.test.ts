import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeView } from "../../../../cluster/view.ts";
import { runClumpview } from "../../../../modes/clumpview/main.ts";
import { readDepartureAnswer, writeDeparture } from "../../../../system/state/departure.ts";
import { writeStatus } from "../../../../system/state/node-status.ts";
import { uptime } from "../../../../system/uptime.ts";
import { TerminalSession } from "../../../lib/terminal-session.ts";
import { freshView } from "../../cluster/nodes.ts";
import { CLUSTER, CONFIGURED } from "./states.ts";

/** Programs are started here, which takes its time on a busy machine. */
setDefaultTimeout(30_000);

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "clumpview-"));
});

afterEach(() => rmSync(root, { recursive: true }));

const start = (...words: readonly string[]) =>
  new TerminalSession(`${import.meta.dir}/session.ts`, [root, ...words]);

describe("runClumpview() on a terminal", () => {
  test.each([
    ["ESC", "\x1b"],
    ["q", "q"],
    ["Ctrl-C", "\x03"],
  ])("leaves by %s with 0 and gives the terminal back", async (_, key) => {
    await using session = start();
    await session.sees("[ESC] or q leaves");
    session.terminal.write(key);
    expect(await session.process.exited).toBe(0);
    await session.sees("\x1b[?25h\x1b[2J\x1b[H");
  });

  test("as the node's screen stays for other keys, and draws anew for Ctrl-L", async () => {
    await using session = start("--console", "/proc/self/fd/0", "--svgalib");
    await session.sees("[ESC] shut this node down");
    session.terminal.write("\x1b[Aq\x03\x0c");
    await session.sees("\x1b[2J");
    await session.sees("[ESC] shut this node down");
  });

  test("as the node's screen asks about guests that stay, and answers process 1", async () => {
    await using session = start("--console", "/proc/self/fd/0");
    await session.sees("[ESC] shut this node down");
    // While guests are on their way there is nothing to wait for, and a key is no ESC of before.
    writeDeparture(root, { untilUptime: uptime() + 60, stays: [] });
    await session.sees("its guests go home");
    session.terminal.write("w\x0c");
    await session.sees("\x1b[2J");
    writeDeparture(root, {
      untilUptime: uptime() + 60,
      stays: ["Cannot move process 7 (cc1) of 192.168.1.78: no room"],
    });
    await session.sees("no room");
    expect(readDepartureAnswer(root)).toBeUndefined();
    session.terminal.write("w");
    while (readDepartureAnswer(root) !== "wait") await Bun.sleep(50);
    session.terminal.write("\x1b");
    while (readDepartureAnswer(root) !== "now") await Bun.sleep(50);
  });

  test("as the node's screen counts down after ESC; a key stops it, and ESC again is the end", async () => {
    await using session = start("--console", "/proc/self/fd/0");
    await session.sees("[ESC] shut this node down");
    session.terminal.write("\x1b");
    await session.sees("shuts down in 5 s");
    session.terminal.write("x\x0c");
    await session.sees("\x1b[2J");
    await session.sees("[ESC] shut this node down");
    session.terminal.write("\x1b");
    await session.sees("shuts down in 5 s");
    session.terminal.write("\x1b");
    expect(await session.process.exited).toBe(0);
  });

  test("as the node's screen opens a shell by s, on that terminal and with all its keys, and comes back", async () => {
    await using session = start("--console", "/proc/self/fd/0");
    await session.sees("[s] shell");
    session.terminal.write("s");
    await session.sees("exit or Ctrl-D leads back to the screen of this node");
    session.terminal.write("echo $((6 * 7)) is it; stty -a\r");
    await session.sees("42 is it");
    // The terminal is as a shell expects it.
    await session.sees(" icanon");
    session.terminal.write("exit\r");
    await session.sees("not configured yet");
    session.terminal.write("s");
    await session.sees("leads back to the screen of this node");
  });

  test("as the node's screen asks for the password of the shells before it opens one", async () => {
    mkdirSync(`${root}/run/clump`, { recursive: true });
    writeFileSync(`${root}/run/clump/shell.lock`, "salt hash\n");
    await using session = start("--console", "/proc/self/fd/0");
    await session.sees("[s] shell");
    session.terminal.write("s");
    // The script that asks is a file of the image.
    await session.sees("/usr/lib/clump/lock");
    await session.sees("not configured yet");
  });

  test("as a program of a shell opens no other shell: s is the speed", async () => {
    writeStatus(root, CONFIGURED);
    writeView(root, JSON.stringify(freshView(CLUSTER)));
    await using session = start();
    await session.sees("[Tab]");
    session.terminal.write("s");
    await session.sees("speed, 10000 is a standard processor");
  });

  test.each([
    ["x", "[x] does nothing here, [h] lists the keys"],
    ["u", "[u] waits for a cluster: this node is in none yet"],
    ["/", "[/] waits for a cluster"],
    ["\t", "[tab] waits for a cluster"],
  ])("says so where a key does nothing: %j", async (key, words) => {
    await using session = start("--console", "/proc/self/fd/0");
    await session.sees("[ESC] shut this node down");
    session.terminal.write(key);
    await session.sees(words);
    // The keys come back by themselves.
    await session.sees("shut this node down");
  });

  test("shows a change of the status at once, and skips a console that is not there", async () => {
    await using session = start("--console", "/proc/self/fd/0", "--console", "/dev/absent");
    await session.sees("Cannot show this node on /dev/absent: no such file or directory");
    await session.sees("not configured yet");
    writeStatus(root, CONFIGURED);
    await session.sees("192.168.1.77/24");
  });

  test("shows the cluster, and moves among nodes that do not all fit", async () => {
    writeStatus(root, CONFIGURED);
    const nodes = Array.from({ length: 60 }, (_, index) => ({ ...CLUSTER.nodes[2]!, id: index + 1 }));
    writeView(root, JSON.stringify(freshView({ ...CLUSTER, nodes })));
    await using session = start("--mono");
    await session.sees("60 nodes, 60 up, open cluster");
    session.terminal.write("/7\r\x0c");
    await session.sees('1 of 60 nodes, filter "7"');
    session.terminal.write("\r\x0c");
    await session.sees("up, heard");
    session.terminal.write("q");
    expect(await session.process.exited).toBe(0);
  });

  test("shows what there is on a terminal that says it is larger than any", async () => {
    await using session = start("--mono");
    await session.sees("[ESC]");
    for (const size of [65_535, 1, 65_535]) {
      session.terminal.resize(size, size);
      session.process.kill("SIGWINCH");
    }
    await session.sees("[ESC]");
    session.terminal.write("q");
    expect(await session.process.exited).toBe(0);
  });

  test("ends by SIGTERM with 143 and gives the terminal back", async () => {
    await using session = start("--ascii");
    await session.sees("[ESC]");
    session.process.kill("SIGTERM");
    expect(await session.process.exited).toBe(143);
    await session.sees("\x1b[?25h");
  });
});

test("runClumpview() on a dumb terminal prints once, without a byte that positions the cursor", async () => {
  writeStatus(root, CONFIGURED);
  await using session = new TerminalSession(`${import.meta.dir}/session.ts`, [root], "dumb");
  expect(await session.sees("192.168.1.77/24")).not.toContain("\x1b");
  expect(await session.sees("memory")).not.toContain("\x1b");
  expect(await session.process.exited).toBe(0);
});

describe("runClumpview() without one", () => {
  const run = async (...argv: readonly string[]) => {
    const said = { stdout: "", stderr: "" };
    const code = await runClumpview(argv, {
      root,
      stdout: (text) => {
        said.stdout += text;
      },
      stderr: (text) => {
        said.stderr += text;
      },
    });
    return { code, ...said };
  };

  test("prints one page for a script", async () => {
    writeStatus(root, CONFIGURED);
    const { code, stdout } = await run("--once", "--ascii");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[\n -~]+$/);
    expect(stdout).toContain("192.168.1.77/24");
    expect(stdout).not.toContain("[ESC]");
  });

  test("prints what it knows as JSON, which it shows again", async () => {
    writeStatus(root, CONFIGURED);
    writeView(root, JSON.stringify(freshView(CLUSTER)));
    const { stdout } = await run("--json");
    expect(JSON.parse(stdout)).toMatchObject({ status: { node: 77 }, cluster: { isOpen: true } });
    const recording = join(root, "recording");
    writeFileSync(recording, `no frame\n${stdout}{"sample":`);
    const { stdout: shown } = await run("--once", "--recorded", recording);
    expect(shown).toContain("192.168.1.77/24");
    expect(shown).toMatch(/cluster +6 nodes, 2 up/);
    expect(shown).toMatch(/^ +130 +192\.168\.1\.130 +dead /m);
  });

  test.each([
    ["/absent", "Cannot show /absent: no such file or directory"],
    ["/proc/version", "Cannot show /proc/version: no line of it is a frame"],
  ])("says why it cannot show %s", async (path, why) => {
    const { code, stderr } = await run("--recorded", path);
    expect(code).toBe(1);
    expect(stderr).toContain(why);
  });

  test("shows no node as up where clumpd no longer writes, and says why", async () => {
    writeStatus(root, CONFIGURED);
    writeView(root, JSON.stringify(CLUSTER));
    const { stdout } = await run("--once");
    expect(stdout).toMatch(/cluster +6 nodes, 4 silent, 1 dead, 1 left/);
    expect(stdout).toMatch(/^problem +clumpd has been silent for /m);
    expect(stdout).toMatch(/^ +77\* +192\.168\.1\.77 +silent +- /m);
  });

  test("makes up a cluster", async () => {
    expect((await run("--once", "--demo", "254")).stdout).toMatch(/cluster +254 nodes/);
  });

  test("says so where nothing makes this node a drone", async () => {
    const { code, stderr } = await run("--drone", "--once");
    expect(code).toBe(0);
    expect(stderr).toBe(
      "clumpview: Cannot make this node a drone: it takes part in no cluster yet, ignoring\n",
    );
  });

  test.each([
    ["--nonsense"],
    ["word"],
    ["--console"],
    ["--demo"],
    ["--demo=0"],
    ["--demo=5000"],
    ["--once --json"],
    ["--demo=3 --recorded=x"],
  ])("refuses %s with its usage", async (words) => {
    const { code, stderr } = await run(...words.split(" "));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^clumpview: .*\n?Usage: clumpview|\nUsage: clumpview/);
  });

  test("says what it can do", async () => {
    expect(await run("--help")).toMatchObject({ code: 0, stderr: "" });
    expect(await run("-h")).toEqual(await run("--help"));
  });
});
