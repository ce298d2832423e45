import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Injector } from "../../cluster/migration/injector.ts";
import { leave } from "../../cluster/migration/leave.ts";
import { Passage } from "../../cluster/migration/passage.ts";
import type { State } from "../../cluster/migration/transition.ts";
import { memoryOf } from "../../probes/processes/process.ts";
import { Bed } from "./bed.ts";
import { INJECTOR } from "./checkout.ts";
import { Programs } from "./compile.ts";
import { Groups } from "./groups.ts";

/** A node whose power has failed: it says nothing more, and its connections do not end by themselves. */
const OTHER = "10.0.0.2";

let bed: Bed;
const running: Bun.Subprocess[] = [];

beforeEach(() => {
  bed = new Bed();
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  bed.remove();
});

/** More than the buffers of a connection take. */
const LARGE_IMAGE = 32;

describe("the power of the guest's node fails", () => {
  const programs = new Programs();
  const injector = new Injector({ command: INJECTOR });
  let deputy = "";
  let work = "";
  let groups: Groups;
  beforeAll(() => {
    work = programs.compile("work", ["test/jobs/trial/work.c"], "small");
    deputy = programs.deputy("small");
    groups = new Groups();
  });
  afterAll(() => {
    injector.stop();
    programs.remove();
    groups.remove();
  });

  /** The node does as `take` says and falls silent, `cut` resolves then; the cluster takes it for dead a moment later. */
  async function moveTo(
    take: (socket: Socket, cut: () => void) => void,
    megabytes = 0,
  ): Promise<{ readonly child: Bun.Subprocess; readonly state: State; readonly frozenBefore: boolean }> {
    const command = megabytes === 0 ? ["sleep", "60"] : [work, "10000", String(megabytes), "0", "large"];
    const child = Bun.spawn(command, { stdio: ["ignore", "ignore", "ignore"] });
    running.push(child);
    do await Bun.sleep(50);
    while (memoryOf("", child.pid) < megabytes * 2 ** 20);
    const cut = Promise.withResolvers<void>();
    const port = await bed.serve((socket) => take(socket, cut.resolve));
    const dumps = `while [ "$1" != --images-dir ]; do shift; done; head -c ${LARGE_IMAGE}M /dev/zero >"$2/core.img"`;
    const move = leave({
      ...{ pid: child.pid, job: "7.abc", hostname: "node1", image: "", folder: join(bed.folder, "out") },
      ...{ groups: groups.path, criu: bed.script("criu", dumps), deputy, socket: "/none", injector },
      open: async () => {
        const socket = connect(port, "127.0.0.1");
        bed.sockets.keep(OTHER, socket);
        socket.on("error", () => {});
        return new Passage(socket);
      },
    });
    await cut.promise;
    await Bun.sleep(100);
    const frozenBefore = existsSync(`${groups.path}/clump/${child.pid}`);
    bed.sockets.sweep((node) => node === OTHER);
    return { child, state: await move, frozenBefore };
  }

  /** Reads all that home sends, up to a word of home, and calls `seen`. */
  function readUntil(socket: Socket, word: string, seen: () => void): void {
    let tail = "";
    socket.on("data", (data: Buffer) => {
      tail = (tail + data.subarray(-64).toString("latin1")).slice(-64);
      if (tail.endsWith(word)) seen();
    });
  }

  test.each<[string, (socket: Socket, cut: () => void) => void]>([
    [
      "before it has read anything",
      (socket, cut) => {
        socket.pause();
        cut();
      },
    ],
    [
      "while it takes the images",
      (socket, cut) => {
        socket.once("data", () => {
          socket.pause();
          cut();
        });
      },
    ],
    ["while it restores", (socket, cut) => readUntil(socket, "end\n", cut)],
  ])("%s: the process runs on at home, unharmed, with the reason kept", async (_, take) => {
    const { child, state, frozenBefore } = await moveTo(take);
    expect(frozenBefore).toBe(true);
    expect(state).toEqual({ at: "HOME", reason: expect.stringMatching(/hung up/) });
    expect(readFileSync(`/proc/${child.pid}/comm`, "utf8")).toBe("sleep\n");
    expect(readFileSync(`/proc/${child.pid}/status`, "utf8")).toMatch(/^State:\s+S/m);
    expect(existsSync(`${groups.path}/clump/${child.pid}`)).toBe(false);
    child.kill("SIGTERM");
    await child.exited;
    expect(child.signalCode).toBe("SIGTERM");
  });

  test("while it takes the copy of a running process: the process has not stood still", async () => {
    const { child, state, frozenBefore } = await moveTo((socket, cut) => {
      socket.once("data", () => {
        socket.pause();
        cut();
      });
    }, 20);
    expect(frozenBefore).toBe(false);
    expect(state).toEqual({ at: "HOME", reason: expect.stringMatching(/hung up/) });
    expect(readFileSync(`/proc/${child.pid}/comm`, "utf8")).toBe("work\n");
    expect(existsSync(join(bed.folder, "out"))).toBe(false);
  });

  test("while home commits: the process is away, and nothing of it runs at home", async () => {
    const { child, state } = await moveTo((socket, cut) => {
      readUntil(socket, "end\n", () => socket.write("ready\n"));
      readUntil(socket, "go\n", cut);
    });
    expect(state).toEqual({ at: "AWAY" });
    expect(readFileSync(`/proc/${child.pid}/cmdline`, "latin1")).toBe("sleep\x0060\0");
    expect(readFileSync(`/proc/${child.pid}/environ`, "latin1")).toContain("CLUMP_JOB=7.abc");
  });

  test("before home can connect: the process runs on at home", async () => {
    const child = Bun.spawn(["sleep", "60"], { stdio: ["ignore", "ignore", "ignore"] });
    running.push(child);
    await Bun.sleep(50);
    const state = await leave({
      ...{ pid: child.pid, job: "7.abc", hostname: "node1", image: "", folder: join(bed.folder, "out") },
      ...{ groups: groups.path, criu: bed.script("criu", "exit 0"), deputy, socket: "/none", injector },
      open: () => Promise.reject(new Error("node 2 does not answer")),
    });
    expect(state).toEqual({ at: "HOME", reason: "node 2 does not answer" });
    expect(readFileSync(`/proc/${child.pid}/status`, "utf8")).toMatch(/^State:\s+S/m);
  });
});
