import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { readOptional } from "../../system/files.ts";
import { Programs } from "./compile.ts";

const programs = new Programs();
/** The program under the name that makes it a relay. */
let relay = "";
const consoles: Console[] = [];

beforeAll(() => {
  relay = named(programs.deputy("sanitized"), "sanitized");
});
afterAll(() => programs.remove());
afterEach(async () => {
  for (const each of consoles.splice(0)) await each.close();
});

function named(program: string, folder: string): string {
  const path = join(dirname(program), folder, "clump-pty");
  Bun.spawnSync(["mkdir", "-p", dirname(path)]);
  symlinkSync(program, path);
  return path;
}

/** A terminal that stands for a console, with a program on it. */
class Console {
  output = "";
  readonly terminal = new Bun.Terminal({
    cols: 80,
    rows: 25,
    data: (_, bytes) => {
      this.output += Buffer.from(bytes).toString();
    },
  });
  readonly process;

  constructor(command: readonly string[]) {
    this.process = Bun.spawn([...command], {
      terminal: this.terminal,
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", TERM: "dumb", PS1: "$ ", RELAY: relay },
    });
    consoles.push(this);
  }

  type = (text: string): void => void this.terminal.write(text);

  /** Waits for these words; what came before them and they themselves are not seen again. */
  async sees(words: string | RegExp): Promise<string> {
    for (;;) {
      const found = typeof words === "string" ? words : words.exec(this.output)?.[0];
      const at = found === undefined ? -1 : this.output.indexOf(found);
      if (found !== undefined && at >= 0) {
        this.output = this.output.slice(at + found.length);
        return found;
      }
      await Bun.sleep(5);
    }
  }

  async close(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.exited;
    this.terminal.close();
  }
}

/** What the relay runs, on a console. */
function relayed(...command: readonly string[]): Console {
  return new Console([relay, ...command]);
}

/** A script on the console itself, which runs the relay as $RELAY. */
function around(script: string): Console {
  return new Console(["bash", "-c", script]);
}

function childOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return Number(children.split(" ")[0]);
}

function stateOf(pid: number): string {
  return /\) (\w)/.exec(readOptional(`/proc/${pid}/stat`) ?? "")?.[1] ?? "gone";
}

describe("the relay of a terminal", () => {
  test("gives the program a terminal of its own, of which it is the leader", async () => {
    const seen = relayed(
      "bash",
      "-c",
      "tty; ps -o pid=,sid=,tpgid= -p $$; test -t 0 -a -t 1 -a -t 2 && echo three",
    );
    await seen.sees(/\/dev\/pts\/\d+/);
    const [pid = "", ...ids] = (await seen.sees(/\d+ +\d+ +\d+/)).split(/ +/);
    expect(ids).toEqual([pid, pid]);
    await seen.sees("three");
    expect(await seen.process.exited).toBe(0);
  });

  test("ends with the program's status, and shows all it wrote", async () => {
    const seen = relayed("sh", "-c", "seq 1 5000; exit 7");
    expect(await seen.process.exited).toBe(7);
    const lines = Array.from({ length: 5_000 }, (_, at) => `${at + 1}\r\n`).join("");
    while (!seen.output.endsWith("5000\r\n")) await Bun.sleep(5);
    expect(seen.output).toBe(lines);
  });

  test.each(["SIGTERM", "SIGSEGV", "SIGKILL"] as const)("dies of %s as the program did", async (signal) => {
    const seen = relayed("sh", "-c", `kill -${signal.slice(3)} $$`);
    await seen.process.exited;
    expect(seen.process.signalCode).toBe(signal);
  });

  test("says what cannot be started, and what was wanted", async () => {
    const seen = relayed("/no/such/program");
    await seen.sees("Cannot start /no/such/program: No such file or directory");
    expect(await seen.process.exited).toBe(127);
    const { exitCode, stderr } = Bun.spawnSync([relay, "true"], { stdin: "ignore" });
    expect(exitCode).toBe(64);
    expect(stderr.toString()).toStartWith("Cannot relay standard input: ");
    expect(Bun.spawnSync([relay]).stderr.toString()).toBe("Usage: clump-pty PROGRAM [ARGUMENT...]\n");
  });

  test("has job control: Ctrl-C, Ctrl-Z, bg, fg and wait", async () => {
    const seen = relayed("bash", "--norc", "-i");
    await seen.sees("$ ");
    seen.type("sleep 100\r");
    await seen.sees("sleep 100\r\n");
    await Bun.sleep(200);
    seen.type("\x03");
    await seen.sees("^C");
    seen.type("echo status $?\r");
    await seen.sees("status 130");
    seen.type("sleep 101\r");
    await Bun.sleep(200);
    seen.type("\x1a");
    await seen.sees("Stopped");
    seen.type("bg; jobs\r");
    await seen.sees(/Running +sleep 101/);
    seen.type("fg\r");
    await seen.sees(/fg\r\nsleep 101/);
    await Bun.sleep(200);
    seen.type("\x03");
    await seen.sees("^C");
    seen.type("echo status $?\r");
    await seen.sees("status 130");
    await seen.sees("$ ");
    seen.type("\x04");
    expect(await seen.process.exited).toBe(0);
  });

  test("carries bytes as they are, both ways, and Ctrl-D", async () => {
    const seen = relayed("sh", "-c", "stty raw -echo; printf ready; head -c 6 | od -An -tx1");
    await seen.sees("ready");
    seen.terminal.write(Uint8Array.of(0x00, 0x03, 0x11, 0x7f, 0xff, 0x0d));
    await seen.sees("00 03 11 7f ff 0d");
    const cat = relayed("sh", "-c", "echo ready; exec cat");
    await cat.sees("ready");
    cat.type("one\r");
    await cat.sees("one\r\none\r\n");
    cat.type("\x04");
    expect(await cat.process.exited).toBe(0);
  });

  test("leaves the console as it found it, also when it is ended", async () => {
    const before = around("stty -g; $RELAY sh -c 'stty raw -echo -isig; exit 3'; echo status $?; stty -g");
    const modes = await before.sees(/[0-9a-f:]{30,}/);
    await before.sees("status 3\r\n");
    expect(await before.sees(/[0-9a-f:]{30,}/)).toBe(modes);
    const ended = around("stty -g; trap : TERM; $RELAY sh -c 'echo on $PPID; sleep 100'; stty -g");
    await ended.sees(modes);
    process.kill(Number((await ended.sees(/on \d+/)).slice(3)), "SIGTERM");
    await ended.sees(modes);
  });

  test("gives the program a cooked terminal where the console was left raw", async () => {
    const seen = around("stty raw -echo; $RELAY stty -a; stty -a");
    const inner: string[] = [];
    for (const mode of ["icrnl", "opost", "onlcr", "isig", "icanon", "echo"])
      inner.push(await seen.sees(new RegExp(`-?\\b${mode}\\b`)));
    expect(inner.join(" ")).not.toContain("-");
    await seen.sees("-icanon");
  });

  test("takes the size of the console, follows it, and tells it what stty says", async () => {
    const loop = "stty size; while read -r line; do eval $line; done";
    const seen = relayed("bash", "-c", loop);
    await seen.sees("25 80");
    seen.terminal.resize(132, 43);
    seen.type("stty size\r");
    await seen.sees("43 132");
    seen.type("stty rows 30 cols 90; stty size\r");
    await seen.sees("30 90");
    // What the program writes may come before the relay has looked at the size.
    const outer = () => Bun.spawnSync(["stty", "-F", ttyOf(seen.process.pid), "size"]).stdout.toString();
    while (outer() !== "30 90\n") await Bun.sleep(5);
  });

  test("hears of a new size at once where the console is its controlling terminal", async () => {
    const wait = "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.05; done";
    const seen = new Console(["setsid", "-c", relay, "bash", "-c", wait]);
    await seen.sees("ready");
    seen.terminal.resize(132, 43);
    await seen.sees("43 132");
  });

  test("a console that vanishes hangs up on the program, and on what runs in front of it", async () => {
    const seen = relayed("bash", "-c", "echo ready; sleep 100");
    await seen.sees("ready");
    const shell = childOf(seen.process.pid);
    const sleeper = childOf(shell);
    seen.terminal.close();
    await seen.process.exited;
    while (stateOf(shell) !== "gone" || stateOf(sleeper) !== "gone") await Bun.sleep(5);
  });

  test("a program is hung up on where the one that started its relay was killed", async () => {
    const seen = around("bash -c '$RELAY bash -c \"echo shell \\$\\$; sleep 100\"; true'; sleep 100");
    const shell = Number((await seen.sees(/shell \d+/)).slice(6));
    process.kill(childOf(seen.process.pid), "SIGKILL");
    while (stateOf(shell) !== "gone") await Bun.sleep(5);
  });

  test("a program that outlives a hang-up is killed, so that the next can start", async () => {
    const seen = relayed("bash", "-c", "trap '' HUP TERM; echo ready; while :; do sleep 0.1; done");
    await seen.sees("ready");
    const shell = childOf(seen.process.pid);
    seen.process.kill("SIGHUP");
    seen.process.kill("SIGTERM");
    await seen.process.exited;
    expect(stateOf(shell)).toBe("gone");
  });

  test("a program whose children hold the terminal ends all the same", async () => {
    const seen = relayed("bash", "-c", "(trap '' HUP; exec sleep 3) & disown; echo done; exit 4");
    expect(await seen.process.exited).toBe(4);
    expect(seen.output).toContain("done");
  });

  test("a program that closes its terminal before it ends keeps its status", async () => {
    const seen = relayed("bash", "-c", "exec <&- >&- 2>&-; sleep 0.2; exit 9");
    expect(await seen.process.exited).toBe(9);
  });

  test("a flood is interrupted by Ctrl-C, and costs the console no byte", async () => {
    const seen = relayed("bash", "--norc", "-i");
    await seen.sees("$ ");
    seen.type("yes 0123456789\r");
    while (seen.output.length < 5_000_000) await Bun.sleep(5);
    seen.type("\x03");
    await seen.sees("^C");
    seen.type("echo the end\r");
    await seen.sees("\r\nthe end\r\n");
  }, 60_000);

  test("long input is taken as fast as the program reads it", async () => {
    const seen = relayed("sh", "-c", "stty raw -echo; printf ready; sleep 0.5; head -c 200000 | md5sum");
    await seen.sees("ready");
    const text = Array.from({ length: 20_000 }, (_, at) => `${String(at).padStart(9, "0")}\n`).join("");
    seen.type(text);
    await seen.sees(new Bun.CryptoHasher("md5").update(text).digest("hex"));
  }, 30_000);

  test("holds little memory, and no time while nothing is said", async () => {
    relay = named(programs.deputy("small"), "small");
    const seen = relayed("sleep", "100");
    await Bun.sleep(300);
    const { pid } = seen.process;
    const ticks = () => Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[13]);
    const before = ticks();
    await Bun.sleep(500);
    expect(ticks()).toBe(before);
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(300);
  });
});

/** The terminal on a process's standard input. */
function ttyOf(pid: number): string {
  return Bun.spawnSync(["readlink", `/proc/${pid}/fd/0`])
    .stdout.toString()
    .trim();
}
