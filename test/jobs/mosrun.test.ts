import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Programs } from "./compile.ts";

const programs = new Programs();
let program = "";
let folder = "";
let server: Server;
let asked = "";

beforeAll(() => {
  program = programs.compile("mosrun", ["assets/mosrun/mosrun.c"], "sanitized");
});
afterAll(() => programs.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mosrun-"));
  asked = "";
});
afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true });
});

/** Answers as the daemon does, and sends that signal once mosrun has hung up. */
async function answer(line: string, signal?: NodeJS.Signals): Promise<void> {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("data", (data: Buffer) => {
      asked += data.toString();
      socket.end(line);
    });
    socket.on("close", () => {
      if (signal !== undefined && running !== undefined) process.kill(running.pid, signal);
    });
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "commands"), resolve));
}

let running: Bun.Subprocess | undefined;

async function mosrun(...words: string[]) {
  const child = Bun.spawn([program, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CLUMP_COMMANDS: join(folder, "commands") },
  });
  running = child;
  const [out, errors] = await Promise.all([child.stdout, child.stderr].map((s) => new Response(s).text()));
  return { out, errors, code: await child.exited };
}

test("without a daemon the program runs, and its exit code is that of mosrun", async () => {
  expect(await mosrun("-3", "-F", "sh", "-c", "echo it ran; exit 7")).toEqual({
    out: "it ran\n",
    errors: "",
    code: 7,
  });
});

test("the daemon gets the options, and none of the program's", async () => {
  await answer("run\n");
  expect(await mosrun("-d", "900", "-j1-3", "-F", "echo", "-L", "x")).toMatchObject({
    out: "-L x\n",
    code: 0,
  });
  expect(asked).toBe("mosrun -d 900 -j1-3 -F\n");
});

test("what no option has reaches the daemon as question marks", async () => {
  await answer("fail no\n");
  await mosrun("-\n3 x", "true");
  expect(asked).toBe("mosrun -?3?x\n");
});

test.each([
  ["fail Migration Failed: node 3 is dead\n", undefined, "Migration Failed: node 3 is dead\n"],
  ["wait\n", "SIGUSR2", "Migration Failed\n"],
] as const)("where it is not to run it ends with 1, after %j", async (line, signal, errors) => {
  await answer(line, signal);
  expect(await mosrun("-3", "echo", "x")).toEqual({ out: "", errors, code: 1 });
});

test("it waits until it has moved, and the program gets neither the signal nor the mask of mosrun", async () => {
  await answer("wait\n", "SIGUSR1");
  const said = await mosrun("-3", "sh", "-c", "grep SigBlk /proc/self/status; cat /proc/$$/comm");
  expect(said).toEqual({ out: "SigBlk:\t0000000000000000\nsh\n", errors: "", code: 0 });
});

test("-z gives the program another name", async () => {
  expect((await mosrun("-z", "sh", "other", "-c", "echo $0")).out).toBe("other\n");
});

test.each([
  [["-3"], /^mosrun: Cannot run nothing: a program was wanted behind the options\n$/, 1],
  [["-d"], /Cannot run nothing/, 1],
  [["/nonesuch"], /^mosrun: Cannot run \/nonesuch: No such file or directory\n$/, 127],
  [["/etc"], /^mosrun: Cannot run \/etc: Permission denied\n$/, 126],
  [[`-${"x".repeat(2_000)}`, "true"], /Cannot use so many options/, 1],
])("mosrun %p fails, and says why", async (words, errors, code) => {
  const said = await mosrun(...words);
  expect(said.errors).toMatch(errors);
  expect(said.code).toBe(code);
});
