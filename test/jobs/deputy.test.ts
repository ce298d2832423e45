import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOptional } from "../../system/files.ts";
import { Programs } from "./compile.ts";
import { bigEndian, GuestEnd } from "./guest-end.ts";

const programs = new Programs();
let program = "";
let folder = "";
let guest: GuestEnd;
const running: Bun.Subprocess[] = [];

beforeAll(() => {
  program = programs.deputy("sanitized");
});
afterAll(() => programs.remove());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "deputy-"));
  guest = new GuestEnd(join(folder, "socket"), "4711.secret");
  await guest.listen();
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  guest.vanish();
  rmSync(folder, { recursive: true, force: true });
});

/** The output flags of struct termios, termios(3), and one of them. */
const OFLAG = 4;
const OPOST = 1;

type Stdio = "pipe" | number;

/** Starts a deputy as the mover leaves one: with its environment, and descriptors 0 to 2. */
function start(
  fds: string,
  stdio: { readonly stdin?: Stdio; readonly stdout?: Stdio; readonly isLeader?: true } = {},
  pending = "",
  more: Record<string, string> = {},
) {
  const child = Bun.spawn([program, "25"], {
    argv0: "./work",
    stdin: stdio.stdin ?? "ignore",
    stdout: stdio.stdout ?? "pipe",
    stderr: "inherit",
    detached: stdio.isLeader === true,
    env: {
      ...{ CLUMP_SOCKET: guest.path, CLUMP_JOB: guest.job, CLUMP_NAME: "work" },
      ...{ CLUMP_PENDING: pending, CLUMP_FDS: fds, ...more },
    },
  });
  running.push(child);
  return child;
}

function fillPipe(fifo: number): void {
  try {
    for (;;) writeSync(fifo, Buffer.alloc(4096, "."));
  } catch {
    // EAGAIN: it is full.
  }
}

function drainPipe(fifo: number): string {
  const bytes = Buffer.alloc(2 ** 17);
  try {
    return bytes.toString("latin1", 0, readSync(fifo, bytes));
  } catch {
    // EAGAIN: it is empty.
    return "";
  }
}

/** The pid of the copy that a deputy leaves. */
function findDeputy(): number {
  const own = (pid: string) =>
    readOptional(`/proc/${pid}/environ`)?.includes(`CLUMP_SOCKET=${guest.path}`) === true;
  return Number(readdirSync("/proc").find((name) => /^\d+$/.test(name) && own(name)));
}

function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
  return Number(fields[13]) + Number(fields[14]);
}

async function greeted(): Promise<void> {
  while (guest.greetings.length === 0) await Bun.sleep(5);
}

describe("a deputy", () => {
  test("greets with its job, writes what the guest writes, and ends as the guest ends", async () => {
    const child = start("w1");
    guest.send("o", 1, Buffer.from("one line\n"));
    expect((await guest.expect("k")).payload).toEqual(bigEndian(9));
    guest.send("c", 1);
    guest.send("x", 0, 7 << 8);
    expect(await child.exited).toBe(7);
    expect(await new Response(child.stdout as ReadableStream).text()).toBe("one line\n");
    expect(guest.greetings).toEqual(["clump-link 1 4711.secret 0"]);
  });

  test.each([
    ["SIGKILL", 9],
    ["SIGSEGV", 11],
    ["SIGTERM", 15],
  ] as const)("dies of %s where its guest did", async (name, number) => {
    const child = start("w1");
    guest.send("c", 1);
    guest.send("x", 0, number);
    await child.exited;
    expect(child.signalCode).toBe(name);
  });

  test("begins anew with a guest that has been started again, and loses no signal", async () => {
    const child = start("w1,w2");
    guest.send("o", 1, Buffer.from("one\n"));
    guest.send("c", 2);
    await guest.expect("k");
    guest.vanish();
    // It is on its way to nobody.
    child.kill("SIGTERM");
    guest.startAgain(1);
    await guest.listen();
    expect((await guest.expect("s")).payload.readInt32BE()).toBe(15);
    guest.send("o", 1, Buffer.from("one again\n"));
    expect((await guest.expect("k")).payload).toEqual(bigEndian(10));
    // This output was closed at home; what comes again is there.
    guest.send("o", 2, Buffer.from("again"));
    expect(await guest.expect("k")).toMatchObject({ channel: 2, payload: bigEndian(5) });
    guest.hangUp();
    await Bun.sleep(300);
    expect(guest.greetings.at(-1)).toBe(`clump-link 1 ${guest.job} 2 1`);
    guest.send("c", 1);
    guest.send("x", 0, 7 << 8);
    expect(await child.exited).toBe(7);
    expect(await new Response(child.stdout as ReadableStream).text()).toBe("one\none again\n");
  });

  test("of a guest that has ended does not begin anew", async () => {
    const child = start("w1");
    await greeted();
    guest.send("x", 0, 7 << 8);
    expect(await child.exited).toBe(7);
    guest.startAgain(1);
    await Bun.sleep(600);
    expect(guest.frames).toEqual([]);
    // Its output is open: a copy of it relays on.
    process.kill(findDeputy(), "SIGKILL");
  });

  test("keeps the name of the process", async () => {
    const child = start("w1");
    await greeted();
    expect(readFileSync(`/proc/${child.pid}/comm`, "utf8")).toBe("work\n");
    expect(readFileSync(`/proc/${child.pid}/cmdline`, "utf8")).toBe("./work\0" + "25\0");
  });

  test.each([
    ["SIGTERM", 15],
    ["SIGUSR1", 10],
    ["SIGCONT", 18],
    ["SIGHUP", 1],
  ] as const)("forwards %s", async (name, number) => {
    const child = start("w1");
    await greeted();
    child.kill(name);
    expect((await guest.expect("s")).payload.readInt32BE()).toBe(number);
  });

  test("forwards to the group of its guest what was sent to its own group, again and again", async () => {
    const child = start("w1", { isLeader: true }, "", { CLUMP_TREE: "1" });
    await greeted();
    for (const number of [10, 12, 15]) {
      process.kill(-child.pid, number);
      expect((await guest.expect("S")).payload.readInt32BE()).toBe(number);
      process.kill(child.pid, number);
      expect((await guest.expect("s")).payload.readInt32BE()).toBe(number);
    }
    guest.send("c", 1);
    guest.send("x", 0, 0);
    await child.exited;
  });

  test("drops once what has travelled in the image", async () => {
    // Of a signal from 32 on each one counts.
    const child = start("w1", {}, "10:1,40:2");
    await greeted();
    for (const number of [10, 40, 40, 40]) {
      process.kill(child.pid, number);
      await Bun.sleep(50);
    }
    expect((await guest.expect("s")).payload.readInt32BE()).toBe(40);
    child.kill("SIGUSR1");
    expect((await guest.expect("s")).payload.readInt32BE()).toBe(10);
    await Bun.sleep(50);
    expect(guest.frames).toEqual([]);
  });

  test("reads no more input than the guest asks for", async () => {
    const list = join(folder, "list");
    await Bun.write(list, "first\nsecond\nthird\n");
    const file = openSync(list, "r");
    const child = start("r0,w1", { stdin: file });
    expect((await guest.expect("a")).channel).toBe(0);
    guest.send("g", 0, 6);
    expect((await guest.expect("i")).payload.toString()).toBe("first\n");
    await guest.expect("a");
    guest.send("x", 0, 0);
    await child.exited;
    // The offset is the one that a shell reads on from.
    const rest = Bun.spawnSync(["cat"], { stdin: file }).stdout.toString();
    closeSync(file);
    expect(rest).toBe("second\nthird\n");
  });

  test("tells the end of its input", async () => {
    start("r0,w1", { stdin: openSync("/dev/null", "r") });
    await guest.expect("a");
    guest.send("g", 0, 100);
    expect((await guest.expect("z")).channel).toBe(0);
  });

  test("tells that the reader of its output is gone", async () => {
    const child = start("w1");
    await greeted();
    await (child.stdout as ReadableStream).cancel();
    guest.send("o", 1, Buffer.from("nobody reads this\n"));
    expect((await guest.expect("p")).channel).toBe(1);
  });

  test("stays for the children of its guest that still write, costs nothing, and goes with the last reader", async () => {
    const child = start("w1");
    await greeted();
    guest.send("x", 0, 5 << 8);
    expect(await child.exited).toBe(5);
    const copy = findDeputy();
    guest.vanish();
    const before = ticksOf(copy);
    await Bun.sleep(1_000);
    expect(ticksOf(copy) - before).toBeLessThan(20);
    await (child.stdout as ReadableStream).cancel();
    while (existsSync(`/proc/${copy}`)) await Bun.sleep(10);
  });

  test("leaves a copy for children of its guest that go on, which ends when they have, and has a link before it ends", async () => {
    const child = start("w1");
    await greeted();
    guest.send("r", 0);
    guest.send("c", 1);
    guest.send("x", 0, 5 << 8);
    expect(await child.exited).toBe(5);
    expect(guest.greetings).toHaveLength(2);
    const copy = findDeputy();
    guest.hangUp();
    while (guest.greetings.length < 3) await Bun.sleep(5);
    expect(existsSync(`/proc/${copy}`)).toBe(true);
    guest.send("e", 0);
    while (existsSync(`/proc/${copy}`)) await Bun.sleep(5);
    // What it has said last may still be on its way here.
    while (!guest.isDone) await Bun.sleep(5);
  });

  test("stops by the signal that stopped its guest, and forwards SIGCONT", async () => {
    const child = start("w1");
    guest.send("t", 0, 19);
    const state = () => /\) (\w)/.exec(readFileSync(`/proc/${child.pid}/stat`, "utf8"))?.[1];
    while (state() !== "T") await Bun.sleep(5);
    child.kill("SIGCONT");
    expect((await guest.expect("s")).payload.readInt32BE()).toBe(18);
    expect(state()).not.toBe("T");
  });

  test("loses and doubles nothing when the daemon between is killed again and again", async () => {
    const child = start("w1");
    const lines = Array.from({ length: 300 }, (_, n) => `line ${n} ${"x".repeat(n)}\n`);
    for (const [index, line] of lines.entries()) {
      guest.send("o", 1, Buffer.from(line));
      if (index % 20 === 0) {
        // Half of a frame may be on the way.
        guest.vanish();
        await Bun.sleep(5);
        await guest.listen();
      }
      await guest.expect("k");
    }
    guest.send("c", 1);
    guest.send("x", 0, 3 << 8);
    expect(await child.exited).toBe(3);
    expect(await new Response(child.stdout as ReadableStream).text()).toBe(lines.join(""));
    expect(guest.greetings.length).toBeGreaterThan(10);
  }, 60_000);

  test("asks for no link once it has heard the end, though its last output waits for a slow reader", async () => {
    const path = join(folder, "fifo");
    Bun.spawnSync(["mkfifo", path]);
    const fifo = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    fillPipe(fifo);
    const child = start("w1", { stdout: fifo });
    guest.send("o", 1, Buffer.from("the last words\n"));
    guest.send("c", 1);
    guest.send("x", 0, 7 << 8);
    while (!guest.isDone || guest.greetings.length === 0) await Bun.sleep(5);
    guest.hangUp();
    await Bun.sleep(600);
    expect(guest.greetings).toHaveLength(1);
    const held = drainPipe(fifo);
    expect(await child.exited).toBe(7);
    expect(held + drainPipe(fifo)).toEndWith("the last words\n");
    closeSync(fifo);
  });

  test("leaves a daemon that hangs up at once some time, and has its link when the daemon takes it", async () => {
    guest.refuses = true;
    start("w1");
    await Bun.sleep(1_500);
    // 20 ms, and each time twice as long.
    expect(guest.greetings.length).toBeGreaterThan(3);
    expect(guest.greetings.length).toBeLessThan(9);
    guest.refuses = false;
    guest.send("o", 1, Buffer.from("line\n"));
    await guest.expect("k");
  });

  test("closes what comes with another job's name", async () => {
    start("w1");
    await greeted();
    guest.vanish();
    const liar = new GuestEnd(guest.path, "4712.other");
    await liar.listen();
    liar.send("x", 0, 0);
    while (liar.greetings.length < 2) await Bun.sleep(20);
    liar.vanish();
    expect(running[0]!.exitCode).toBeNull();
  });

  test("gives its terminal the modes of the guest, and tells those that others have set", async () => {
    let screen = "";
    const child = Bun.spawn(["setsid", "--ctty", "--wait", program], {
      env: { CLUMP_SOCKET: guest.path, CLUMP_JOB: guest.job, CLUMP_FDS: "t0" },
      terminal: { data: (_, bytes) => (screen += Buffer.from(bytes).toString()) },
    });
    running.push(child);
    await greeted();
    guest.send("o", 0, Buffer.from("one\r\ntwo\r\n"));
    // All has been taken, also the returns that this terminal adds itself.
    expect((await guest.expect("k")).payload).toEqual(bigEndian(10));
    guest.send("g", 0, 5);
    child.terminal!.write("in\n");
    const { payload: modes } = await guest.expect("m");
    expect((await guest.expect("i")).payload.toString()).toBe("in\n");
    modes.writeUInt32LE(modes.readUInt32LE(OFLAG) & ~OPOST, OFLAG);
    guest.send("m", 0, modes);
    guest.send("o", 0, Buffer.from("raw\n"));
    await guest.expect("k");
    for (let tries = 0; tries < 200 && !screen.includes("raw"); tries++) await Bun.sleep(10);
    expect(screen).toBe("one\r\ntwo\r\nin\r\nraw\n");
    child.terminal!.close();
  });

  test("holds little memory", async () => {
    const small = programs.deputy("small");
    const child = Bun.spawn([small], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { CLUMP_SOCKET: guest.path, CLUMP_JOB: guest.job, CLUMP_FDS: "w1" },
    });
    running.push(child);
    await greeted();
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]);
    expect(kilobytes).toBeLessThan(1_024);
  });
});
