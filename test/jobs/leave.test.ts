import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeByLine } from "../../cluster/links/first-line.ts";
import { takeGuest } from "../../cluster/migration/arrival/arrive.ts";
import { ByteReader } from "../../cluster/migration/byte-reader.ts";
import { Injector } from "../../cluster/migration/injector.ts";
import { leave } from "../../cluster/migration/leave.ts";
import { LEAST_COPIED_BYTES } from "../../cluster/migration/memory-copy.ts";
import { Passage } from "../../cluster/migration/passage.ts";
import type { State } from "../../cluster/migration/transition.ts";
import { memoryOf, readProcess, treeOf } from "../../probes/processes/process.ts";
import { present } from "../../system/optional.ts";
import { INJECTOR } from "./checkout.ts";
import { Programs } from "./compile.ts";
import { Groups } from "./groups.ts";
import { GuestEnd } from "./guest-end.ts";

const programs = new Programs();
const injector = new Injector({ command: INJECTOR });
let program = "";
let groups: Groups;
let folder = "";
let guest: GuestEnd;
let server: Server;
const running: Bun.Subprocess[] = [];
const opened: number[] = [];
let notCopied: string[] = [];

beforeAll(() => {
  program = programs.deputy("small");
  groups = new Groups();
});
afterAll(() => {
  injector.stop();
  groups.remove();
  programs.remove();
});

beforeEach(async () => {
  notCopied = [];
  folder = mkdtempSync(join(tmpdir(), "leave-"));
  guest = new GuestEnd(join(folder, "deputies"), "job.1");
  await guest.listen();
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  for (const file of opened.splice(0)) closeSync(file);
  guest.vanish();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A program of the test in place of criu(8), which cannot run on every kernel: `body` is shell. */
function script(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** criu waits for the end of its options before it does anything. */
const READS_OPTIONS = 'for word; do [ "$before" = --config ] && cat "$word"; before=$word; done';
/** criu that writes an image into the folder behind --images-dir. */
const DUMPS = 'while [ "$1" != --images-dir ]; do shift; done; echo image >"$2/core.img"';
/** criu that gets no further, nor does its child. */
const HANGS = { criu: "sleep 60 & wait", patience: 300 };
/** A supervisor that restores as soon as the images are whole, and notes whether its guest may run. */
const RESTORES = `for word; do case $word in images=*) cd "\${word#images=}";; esac; done; read -r quiet
echo ready >ready; cp core.img ../arrived; read -r word <go; echo "$word" >../word`;

/** The same, and memory for the copy of a running process. */
const COPIES = `verb=$1; words="$*"; while [ "$1" != --images-dir ]; do shift; done; cd "$2"
if [ $verb = pre-dump ]; then echo memory >pages-1.img; echo "$words" >copy.log
else cp copy-1/copy.log words.img; echo "$words $(wc -c <copy-1/pages-1.img)" >>words.img; echo image >core.img; ln -s copy-1 parent; fi`;
/** A supervisor that notes its arguments and all images as well. */
const RESTORES_ALL = `for word; do case $word in images=*) cd "\${word#images=}";; esac; done; read -r quiet
cp words.img ../words; cp parent/pages-1.img ../copied; echo "$*" >../arguments
echo ready >ready; cp core.img ../arrived; read -r word <go; echo "$word" >../word`;

/** A process large enough for a copy; resolves when it has its memory. */
async function startLarge(): Promise<Bun.Subprocess> {
  const work = programs.compile("work", ["test/jobs/trial/work.c"], "small");
  const child = Bun.spawn([work, "10000", "20", "0", "large"], { stdio: ["ignore", "ignore", "ignore"] });
  running.push(child);
  while (memoryOf("", child.pid, "ownMemory") < LEAST_COPIED_BYTES) await Bun.sleep(10);
  return child;
}

/** Its output shares an offset with a descriptor of the test, as a shell's `>log` shares it with the next command. */
function startWork(): Bun.Subprocess {
  const output = openSync(join(folder, "output"), "a");
  const child = Bun.spawn(["sleep", "60"], { stdio: ["ignore", output, "ignore"] });
  running.push(child);
  opened.push(output);
  return child;
}

interface Trial {
  readonly criu?: string;
  readonly patience?: number;
  readonly supervisor?: string;
  readonly deputy?: string;
  /** What the other node does with the connection, and the milliseconds for which it may do nothing. */
  readonly node?: { readonly take: (socket: Socket) => void; readonly silence: number };
}

async function move(
  pid: number,
  { criu = DUMPS, supervisor = RESTORES, deputy = program, patience, node }: Trial,
): Promise<State> {
  const guests = join(folder, "guests");
  mkdirSync(guests);
  const takes = (socket: Socket) => {
    const arrival = { folder: guests, criu: "/bin/false", gate: "/bin/false", socket: "/none" };
    const whole = { ...arrival, guest: script("supervisor", supervisor), rootFor: async () => "/" };
    // As the daemon does: home may hang up before its first line has come.
    void takeByLine(
      socket,
      async (line) => void (await takeGuest(socket, new ByteReader(socket), line, whole)),
    );
  };
  const port = await serve(node?.take ?? takes);
  return await leave({
    ...{
      pid,
      job: guest.job,
      hostname: "node1",
      image: "",
      folder: join(folder, "out"),
      groups: groups.path,
    },
    ...{ criu: script("criu", `${READS_OPTIONS}\n${criu}`), deputy, socket: guest.path, injector, patience },
    open: async () => new Passage(connect(port, "127.0.0.1"), present("patience", node?.silence)),
    notCopied: (why) => void notCopied.push(why),
  });
}

async function serve(take: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    socket.on("error", () => {});
    take(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return (server.address() as { readonly port: number }).port;
}

async function appears(path: string): Promise<string> {
  while (!existsSync(path) || readFileSync(path, "utf8") === "") await Bun.sleep(10);
  return readFileSync(path, "utf8");
}

function stateOf(pid: number): string | undefined {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
}

describe("leave()", () => {
  test("makes the original a deputy, and its parent sees the guest's end", async () => {
    const child = startWork();
    await Bun.sleep(50);
    expect(await move(child.pid, {})).toEqual({ at: "AWAY" });
    expect(await appears(join(folder, "guests/arrived"))).toBe("image\n");
    expect(await appears(join(folder, "guests/word"))).toBe("go\n");
    guest.send("o", 1, Buffer.from("from abroad\n"));
    await guest.expect("k");
    guest.send("c", 1);
    guest.send("x", 0, 42 << 8);
    expect(await child.exited).toBe(42);
    expect(readFileSync(join(folder, "output"), "utf8")).toBe("from abroad\n");
    expect(existsSync(`${groups.path}/clump/${child.pid}`)).toBe(false);
  });

  test.each<[string, Trial, RegExp]>([
    ["cannot be dumped", { criu: "exit 1" }, /it gave no reason/],
    ["is not dumped in time", HANGS, /^criu did not end, and wrote nothing for 0.3 s$/],
    ["cannot be restored", { supervisor: "exit 1" }, /^Cannot restore the process: it gave no reason/],
    ["has no namespace", { supervisor: "echo no pid >&2; exit 1" }, /^Cannot restore the process: no pid$/],
    [
      "goes to a daemon that hangs",
      { node: { take: (socket) => socket.resume(), silence: 300 } },
      /^the other node has said nothing for 0.3 s$/,
    ],
    ["cannot get a deputy", { deputy: "/no/such/program" }, /^Cannot run a deputy in process/],
  ])("leaves at home what %s", async (_, trial, reason) => {
    const child = startWork();
    await Bun.sleep(50);
    const state = await move(child.pid, trial);
    expect(state.at).toBe("HOME");
    expect((state as { readonly reason: string }).reason).toMatch(reason);
    expect(readFileSync(`/proc/${child.pid}/comm`, "utf8")).toBe("sleep\n");
    // It has just been let go.
    while (stateOf(child.pid) !== "S") await Bun.sleep(5);
    expect(existsSync(join(folder, "guests/word"))).toBe(false);
    expect(existsSync(`${groups.path}/clump/${child.pid}`)).toBe(false);
    child.kill("SIGTERM");
    await child.exited;
    expect(child.signalCode).toBe("SIGTERM");
  });

  test("sees that a signal has ended the job while it was frozen", async () => {
    const child = startWork();
    await Bun.sleep(50);
    const state = await move(child.pid, { criu: `kill -TERM ${child.pid}; sleep 0.2; exit 1` });
    expect(state).toEqual({ at: "ENDED" });
    await child.exited;
    expect(child.signalCode).toBe("SIGTERM");
  });

  test("takes the children of a process along, and ends them at home", async () => {
    const child = Bun.spawn(["sh", "-c", "sleep 61 & (sleep 62; :) & wait"], {
      stdio: ["ignore", "ignore", "ignore"],
    });
    running.push(child);
    while (treeOf("", child.pid).length < 4) await Bun.sleep(10);
    const tree = treeOf("", child.pid);
    expect(await move(child.pid, {})).toEqual({ at: "AWAY" });
    const hasEnded = (pid: number) => ["Z", "X", undefined].includes(readProcess("", pid)?.state);
    while (!tree.slice(1).every(hasEnded)) await Bun.sleep(10);
    guest.send("x", 0, 5 << 8);
    expect(await child.exited).toBe(5);
    expect(existsSync(`${groups.path}/clump/${child.pid}`)).toBe(false);
  });

  test("leaves a tree at home whole where its root cannot become a deputy", async () => {
    const child = Bun.spawn(["sh", "-c", "sleep 3 & wait $!; exit 9"], {
      stdio: ["ignore", "ignore", "ignore"],
    });
    running.push(child);
    while (treeOf("", child.pid).length < 2) await Bun.sleep(10);
    expect((await move(child.pid, { deputy: "/no/such/program" })).at).toBe("HOME");
    expect(await child.exited).toBe(9);
  });

  test.each<[string, string, string | RegExp]>([
    ["a stopped one", "kill -STOP $$", "is stopped"],
    ["one that holds a lock", "exec flock list sleep 60", /list/],
    [
      "one that may open few files",
      "ulimit -n 200; exec sleep 60",
      /may open 200 files, and its deputy wants 300/,
    ],
  ])("refuses %s, and changes nothing", async (_, body, reason) => {
    const child = Bun.spawn(["sh", "-c", body], { cwd: folder, stdio: ["ignore", "ignore", "ignore"] });
    running.push(child);
    await Bun.sleep(100);
    const state = await move(child.pid, {});
    expect(state.at).toBe("HOME");
    expect((state as { readonly reason: string }).reason).toMatch(reason);
  });

  test("refuses process 1, a kernel's thread, and what is not there", async () => {
    expect(await move(1, {})).toEqual({ at: "HOME", reason: "is process 1" });
    rmSync(join(folder, "guests"), { recursive: true });
    // A pid above the highest, 2^22.
    expect((await move(4_194_305, {})).at).toBe("ENDED");
  });
});

describe("the memory of a large process", () => {
  test("goes over while the process runs, and the dump builds on it", async () => {
    const child = await startLarge();
    expect(await move(child.pid, { criu: COPIES, supervisor: RESTORES_ALL })).toEqual({ at: "AWAY" });
    expect(notCopied).toEqual([]);
    expect(await appears(join(folder, "guests/copied"))).toBe("memory\n");
    const [copy, dump] = (await appears(join(folder, "guests/words"))).split("\n");
    expect(copy).toStartWith(`pre-dump --tree ${child.pid} `);
    expect(copy).toContain("--track-mem");
    // The content of the copy is not kept at home.
    expect(dump).toMatch(/^dump .* --track-mem --prev-images-dir copy-1 0$/);
  });

  test("goes over with the dump where criu(8) cannot copy it, and the reason is told", async () => {
    const child = await startLarge();
    const refuses = `if [ $1 = pre-dump ]; then echo "Error (criu/cr-dump.c:9): no tracking" >"$5/$7"; exit 1; fi`;
    expect(await move(child.pid, { criu: `${refuses}; ${DUMPS}` })).toEqual({ at: "AWAY" });
    expect(notCopied).toEqual(["no tracking"]);
    expect(await appears(join(folder, "guests/arrived"))).toBe("image\n");
  });

  test("stays with it where criu(8) does not end, and criu does not stop the process once more", async () => {
    const child = await startLarge();
    const criu = `echo $1 >>${join(folder, "verbs")}; ${HANGS.criu}`;
    expect(await move(child.pid, { ...HANGS, criu })).toEqual({
      at: "HOME",
      reason: "criu did not end, and wrote nothing for 0.3 s",
    });
    expect(readFileSync(join(folder, "verbs"), "utf8")).toBe("pre-dump\n");
    expect(["S", "R"]).toContain(stateOf(child.pid)!);
  });

  test("is not copied apart where the process is small", async () => {
    const child = startWork();
    await Bun.sleep(50);
    const dumpsOnly = `if [ $1 = pre-dump ]; then exit 1; fi; ${DUMPS}`;
    expect(await move(child.pid, { criu: dumpsOnly })).toEqual({ at: "AWAY" });
    expect(notCopied).toEqual([]);
  });

  test("leads to a refusal where the process is stopped meanwhile", async () => {
    const child = await startLarge();
    const criu = COPIES.replace(
      "echo memory",
      `kill -STOP ${child.pid}; until grep -q 'T (stopped)' /proc/${child.pid}/status; do sleep 0.01; done; echo memory`,
    );
    const state = await move(child.pid, { criu, supervisor: RESTORES_ALL });
    expect(state).toEqual({ at: "HOME", reason: "is stopped" });
    while (readdirSync(join(folder, "guests")).length > 0) await Bun.sleep(10);
    expect(stateOf(child.pid)).toBe("T");
  });

  test.each<[string, string]>([
    ["before criu(8) has it", "kill -KILL PID; sleep 0.1; exit 1"],
    ["behind that", `${COPIES}; kill -KILL PID; sleep 0.1`],
  ])("is nowhere where the process ends while it is copied, %s", async (_, body) => {
    const child = await startLarge();
    const criu = body.replaceAll("PID", String(child.pid));
    expect(await move(child.pid, { criu, supervisor: RESTORES_ALL })).toEqual({ at: "ENDED" });
    await child.exited;
    expect(child.signalCode).toBe("SIGKILL");
    expect(existsSync(join(folder, "guests/word"))).toBe(false);
    expect(existsSync(join(folder, "out"))).toBe(false);
  });
});
