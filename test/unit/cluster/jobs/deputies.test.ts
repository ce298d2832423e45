import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Condition } from "../../../../cluster/gossip/entry.ts";
import { Deputies } from "../../../../cluster/jobs/deputies.ts";
import { GuestNodes } from "../../../../cluster/jobs/guest-nodes.ts";
import type { Guests } from "../../../../cluster/jobs/guests.ts";
import { Members } from "../../../../cluster/jobs/members.ts";
import { type AwayJob, parseAwayJob } from "../../../../cluster/jobs/record.ts";
import { Registry } from "../../../../cluster/jobs/registry.ts";
import { takeByLine } from "../../../../cluster/links/first-line.ts";
import type { GuestOrder } from "../../../../cluster/migration/order.ts";
import { writeView } from "../../../../cluster/view.ts";
import { readProcess } from "../../../../probes/processes/process.ts";
import { NODE } from "../nodes.ts";

const GUESTS_NODE = "10.0.0.2";

let root = "";
let registry: Registry<AwayJob>;
let lines: string[] = [];
let deputies: Deputies;
const servers: Server[] = [];
const running: Bun.Subprocess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "deputies-"));
  mkdirSync(join(root, "run/clump"), { recursive: true });
  registry = new Registry(join(root, "records"), parseAwayJob);
  lines = [];
  guestsNodeIs("up");
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const child of running.splice(0)) child.kill("SIGKILL");
  rmSync(root, { recursive: true });
});

function guestsNodeIs(state: Condition): void {
  const nodes = [{ ...NODE, id: 2, address: GUESTS_NODE, state }];
  writeView(root, JSON.stringify({ isOpen: true, discovery: "map", nodes, problems: [], drops: {} }));
}

let lost = 0;

/** The other node answers each link with these words. */
async function makeDeputies(
  answer: string,
  startAgain: (job: AwayJob) => Promise<boolean> = async () => false,
  program = realpathSync(Bun.which("sleep") ?? ""),
): Promise<void> {
  lost = 0;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (data: Buffer) => {
      lines.push(data.toString());
      if (lines.length === 1) socket.write(answer);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as { readonly port: number };
  const log = { error: () => {}, warn: (line: string) => lines.push(line), info: () => {}, debug: () => {} };
  const dial = async () => connect(port, "127.0.0.1");
  const guests = { isOf: () => false } as unknown as Guests;
  const nodes = new GuestNodes({ own: "10.0.0.1", dial, guests });
  deputies = new Deputies({
    ...{ registry, members: new Members(root), nodes, log, program, startAgain },
    reporter: { lost: () => lost++ },
  });
}

/** A process in the place of a deputy, with its record. */
function startJob(command = ["sleep", "60"]): Bun.Subprocess {
  const child = Bun.spawn(command, { stdin: "pipe" });
  running.push(child);
  const startTime = readProcess("", child.pid)!.startTime;
  const facts = { job: "7.abc", pid: child.pid, startTime, name: "work", since: 0, uid: 0, moves: 1 };
  registry.set({ ...facts, node: GUESTS_NODE });
  return child;
}

/** What a deputy hears that says hello. */
async function link(hello: string): Promise<string> {
  const server = createServer(
    (socket) => void takeByLine(socket, async (line) => await deputies.take(line, socket)),
  );
  servers.push(server);
  const path = join(root, `socket.${servers.length}`);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const socket = connect(path);
  socket.write(hello);
  let heard = "";
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.on("data", (data: Buffer) => {
    heard += data.toString();
  });
  await Promise.race([closed, Bun.sleep(400)]);
  socket.destroy();
  return heard;
}

describe("the link of a deputy", () => {
  test("goes on behind the answer of the node where its guest is", async () => {
    await makeDeputies("here\nclump-link 1 7.abc 3\n");
    startJob();
    expect(await link("clump-link 1 7.abc 5\nframe")).toBe("clump-link 1 7.abc 3\n");
    expect(lines.join("")).toBe("link 7.abc\nclump-link 1 7.abc 5\nframe");
  });

  test("is made while its guest is about to go on, which waits until all that it has written is at home", async () => {
    await makeDeputies("here\nclump-link 1 7.abc 3\n");
    startJob();
    registry.set({ ...registry.get("7.abc")!, next: "10.0.0.3" });
    expect(await link("clump-link 1 7.abc 5\n")).toBe("clump-link 1 7.abc 3\n");
  });

  test("ends without the deputy where its guest has gone on, and is not known to have arrived", async () => {
    await makeDeputies("gone\n");
    const child = startJob();
    registry.set({ ...registry.get("7.abc")!, next: "10.0.0.3" });
    expect(await link("clump-link 1 7.abc 5\n")).toBe("");
    expect(child.exitCode).toBeNull();
    expect(registry.all).toHaveLength(1);
  });

  test("of its copy, which stands for the children of a guest that has ended, makes the copy the job", async () => {
    // This process says hello.
    await makeDeputies("here\n", undefined, realpathSync(process.execPath));
    startJob();
    registry.set({ ...registry.get("7.abc")!, kept: { order: {} as GuestOrder, waits: false } });
    await link("clump-link 1 7.abc 5\n");
    const { pid, startTime, kept } = registry.get("7.abc")!;
    expect([pid, startTime, kept]).toEqual([process.pid, readProcess("", process.pid)!.startTime, undefined]);
  });

  test("whose guest is gone ends the deputy, and the log says so", async () => {
    await makeDeputies("gone\n");
    const child = startJob();
    await link("clump-link 1 7.abc 5\n");
    await child.exited;
    expect(child.signalCode).toBe("SIGKILL");
    expect(registry.all).toEqual([]);
    expect(lines.at(-1)).toMatch(
      /^job \d+ \(work\) was on 10\.0\.0\.2 and is lost: it is not there any more/,
    );
  });

  test.each([["clump-link 1 8.abc 0\n"], ["hello\n"]])(
    "%j is of no job here, and ends nothing",
    async (hello) => {
      await makeDeputies("gone\n");
      const child = startJob();
      expect(await link(hello)).toBe("");
      expect(lines).toEqual([]);
      expect(child.exitCode).toBeNull();
      expect(registry.all).toHaveLength(1);
    },
  );
});

describe("sweep()", () => {
  test.each<[Condition, "lives" | "dies"]>([
    ["up", "lives"],
    ["suspect", "lives"],
    ["dead", "dies"],
    ["left", "dies"],
  ])("where the guest's node is %s, the job %s", async (condition, fate) => {
    await makeDeputies("here\n");
    const child = startJob();
    guestsNodeIs(condition);
    deputies.sweep();
    expect(registry.all).toHaveLength(fate === "lives" ? 1 : 0);
    if (fate === "dies") await child.exited;
    expect(child.signalCode).toBe(fate === "dies" ? "SIGKILL" : null);
    expect(lost).toBe(fate === "dies" ? 1 : 0);
  });

  test.each([true, false])(
    "a job whose image was kept is started again; its deputy stays where that is %p",
    async (runs) => {
      await makeDeputies("here\n", async (job) => {
        lines.push(`again ${job.pid}`);
        return runs;
      });
      const child = startJob();
      registry.set({ ...registry.get("7.abc")!, kept: { order: {} as GuestOrder, waits: false } });
      guestsNodeIs("dead");
      deputies.sweep();
      if (!runs) await child.exited;
      expect(lines).toContain(`again ${child.pid}`);
      expect([child.signalCode, registry.all.length]).toEqual(runs ? [null, 1] : ["SIGKILL", 0]);
    },
  );

  test("forgets a job that has ended, and does not take another process with its pid for it", async () => {
    await makeDeputies("here\n");
    const child = startJob();
    const [record] = registry.all;
    expect(deputies.away).toHaveLength(1);
    registry.set({ ...record!, startTime: record!.startTime - 1 });
    deputies.sweep();
    expect(registry.all).toEqual([]);
    expect(child.exitCode).toBeNull();
  });

  test("ends no process that has not become a deputy yet, though the node it goes to dies", async () => {
    await makeDeputies("here\n");
    const child = startJob(["sh", "-c", "read line"]);
    guestsNodeIs("dead");
    deputies.sweep();
    await Bun.sleep(50);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    expect(registry.all).toHaveLength(1);
  });
});

test("a process that a daemon was moving when it died is at home, and a deputy is away", async () => {
  await makeDeputies("here\n");
  startJob(["sh", "-c", "read line"]);
  expect(deputies.away).toEqual([]);
  deputies.forgetUnmoved();
  expect(registry.all).toEqual([]);
  startJob();
  expect(deputies.away).toMatchObject([{ job: "7.abc" }]);
  deputies.forgetUnmoved();
  expect(registry.all).toHaveLength(1);
});
