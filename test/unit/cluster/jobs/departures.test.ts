import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NoRoom } from "../../../../cluster/balance/room.ts";
import { type DepartureOptions, Departures } from "../../../../cluster/jobs/departures.ts";
import type { Members } from "../../../../cluster/jobs/members.ts";
import { type AwayJob, parseAwayJob, parseWish } from "../../../../cluster/jobs/record.ts";
import { Registry } from "../../../../cluster/jobs/registry.ts";
import { readInstructions } from "../../../../cluster/migration/processor.ts";
import { readProcess } from "../../../../probes/processes/process.ts";
import { NODE } from "../nodes.ts";

const OTHER = { ...NODE, id: 2, address: "10.0.0.2", memoryFree: 2 ** 40 };
const QUIET = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

let folder = "";
let job: Bun.Subprocess;
let registry: Registry<AwayJob>;
let asked: string[] = [];
/** What the screens are told. */
let told: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "departures-"));
  job = Bun.spawn(["sleep", "60"]);
  registry = new Registry(folder, parseAwayJob);
  asked = [];
  told = [];
});
afterEach(() => {
  job.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

interface World {
  readonly node?: Partial<typeof NODE>;
  readonly instructions?: () => Promise<string[]>;
  readonly promiseRoom?: () => Promise<void>;
  readonly sendsRoot?: boolean;
  /** Free bytes of memory at home, where mosrun --keep has started the process. */
  readonly keptWith?: number;
}

/** A process that may leave gets as far as criu, which is not there. */
function make(world: World = {}) {
  const { node = {}, instructions = async () => readInstructions(""), promiseRoom = async () => {} } = world;
  const { keptWith } = world;
  const wishes = new Registry(join(folder, "wishes"), parseWish);
  const startTime = readProcess("", job.pid)!.startTime;
  const wish = { job: String(job.pid), pid: job.pid, startTime, name: "sleep", since: 0 };
  if (keptWith !== undefined) wishes.set({ ...wish, isLocked: false, isKept: true });
  return new Departures({
    wishes,
    ...{ registry, log: QUIET, image: "", injector: undefined as never, sendsRoot: world.sendsRoot ?? true },
    reporter: {
      leaves: (_, next) => told.push(`leaves for ${next}`),
      moved: (_, outcome) => told.push(outcome),
      stayed: (_, kind) => told.push(`stays: ${kind}`),
      froze: () => {},
      update: () => {},
    },
    criu: async () => {
      throw new Error("it may leave");
    },
    members: {
      find: () => ({ ...OTHER, ...node }),
      hosts: [OTHER],
      own: { ...NODE, id: 1, memoryFree: keptWith },
    } as unknown as Members,
    hops: {
      move: async (away: AwayJob, next: string, isByItself: boolean) => {
        asked.push(`${away.job} to ${next}${isByItself ? " by itself" : ""}`);
        throw new Error("is stopped");
      },
    } as unknown as DepartureOptions["hops"],
    nodes: { instructions, promiseRoom },
    passageTo: async () => {
      throw new Error("no passage");
    },
  });
}

test.each<[string, World, RegExp, string]>([
  [
    "without room",
    { node: { memoryFree: 1 } },
    /^Cannot move process \d+: it has \d+ MB in memory, and node 2 has 0 MB free$/,
    "memory",
  ],
  [
    "of an older processor",
    { instructions: async () => ["fpu"] },
    /^Process #\d+ is unmovable to node 2: its processor lacks /,
    "processor",
  ],
  [
    "that does not answer",
    { instructions: () => Promise.reject(new Error("10.0.0.2 does not answer")) },
    /^Cannot move process \d+ to node 2: 10\.0\.0\.2 does not answer$/,
    "node",
  ],
  ["that takes no guests", { node: { status: 3 | 16 } }, /takes no guests \(mosctl block\)$/, "node"],
  ["that is this one", { node: { isSelf: true } }, /^Process #\d+ is at home\.$/, "wish"],
  ["that is as good", {}, /^it may leave$/, "process"],
  [
    "that is as good, and its image has no room at home",
    { keptWith: 1 },
    /^Cannot keep an image of process \d+: it has \d+ MB in memory, and node 1 has 0 MB free$/,
    "process",
  ],
  ["that is as good, and its image has room at home", { keptWith: 2 ** 30 }, /^it may leave$/, "process"],
])("a process stays here whose node is one %s", async (_, world, reason, kind) => {
  await expect(make(world).migrate(job.pid, "2", 0)).rejects.toThrow(reason);
  expect(told.at(-1)).toBe(`stays: ${kind}`);
});

test("a process that the cluster moves asks for room there; one that a person moves does not", async () => {
  const promiseRoom = () => Promise.reject(new NoRoom("node 2 has become busy meanwhile"));
  const room = { running: 1, memory: 1 };
  await expect(make({ promiseRoom }).migrate(job.pid, "2", 0, { room })).rejects.toThrow(
    /^Cannot move process \d+ to node 2: node 2 has become busy meanwhile$/,
  );
  await expect(make({ promiseRoom }).migrate(job.pid, "2", 0)).rejects.toThrow("it may leave");
  expect(told).toEqual(["leaves for 10.0.0.2", "stays: room", "leaves for 10.0.0.2", "stays: process"]);
  await expect(make().migrate(job.pid, "2", 0, { room })).rejects.toThrow("it may leave");
});

test("root's processes stay where root's files are not served", async () => {
  expect(process.getuid?.()).toBe(0);
  await expect(make({ sendsRoot: false }).migrate(job.pid, "2", 0)).rejects.toThrow(
    /^Process #\d+ is unmovable: root's files are not for other nodes, and clump\.root=yes was wanted$/,
  );
  expect(told).toEqual(["stays: process"]);
});

test("a process moves once at a time", async () => {
  const answer = Promise.withResolvers<string[]>();
  const departures = make({ instructions: () => answer.promise });
  const first = departures.migrate(job.pid, "2", 0);
  await expect(departures.migrate(job.pid, "2", 0)).rejects.toThrow("Process was already sent elsewhere.");
  answer.resolve(readInstructions(""));
  await expect(first).rejects.toThrow("it may leave");
});

test("recall() tries home and then the other nodes, for the node where the guest is alone", async () => {
  const { startTime } = readProcess("", job.pid)!;
  const facts = { pid: job.pid, startTime, name: "sleep", since: 0, uid: 0, moves: 1 };
  registry.set({ ...facts, job: "7.a", node: "10.0.0.3" });
  await expect(make().recall("10.0.0.4", "7.a")).rejects.toThrow("its home has no such process there");
  await expect(make().recall("10.0.0.3", "8.b")).rejects.toThrow("its home has no such process there");
  expect(asked).toEqual([]);
  await expect(make().recall("10.0.0.3", "7.a")).rejects.toThrow(/is unmovable: is stopped$/);
  expect(asked).toEqual(["7.a to 10.0.0.2 by itself", "7.a to 10.0.0.2 by itself"]);
});

test("pass() sends a guest on for the node where it is, and only where the next node has room", async () => {
  const { startTime } = readProcess("", job.pid)!;
  const facts = { pid: job.pid, startTime, name: "sleep", since: 0, uid: 0, moves: 1 };
  registry.set({ ...facts, job: "7.a", node: "10.0.0.3" });
  const room = { running: 1, memory: 1 };
  await expect(make().pass("10.0.0.4", "7.a", "10.0.0.2", room)).rejects.toThrow(
    "its home has no such process there",
  );
  const promiseRoom = () => Promise.reject(new NoRoom("node 2 has become busy meanwhile"));
  await expect(make({ promiseRoom }).pass("10.0.0.3", "7.a", "10.0.0.2", room)).rejects.toBeInstanceOf(
    NoRoom,
  );
  expect(asked).toEqual([]);
  await expect(make().pass("10.0.0.3", "7.a", "10.0.0.2", room)).rejects.toThrow("is stopped");
  // Home knows how busy it is without being asked.
  await expect(
    make({ promiseRoom, node: { isSelf: true, address: "10.0.0.1" } }).pass("10.0.0.3", "7.a", "home", room),
  ).rejects.toThrow("is stopped");
  await expect(make().migrate(job.pid, "2", 0)).rejects.toThrow("is stopped");
  expect(asked).toEqual(["7.a to 10.0.0.2 by itself", "7.a to 10.0.0.1 by itself", "7.a to 10.0.0.2"]);
});
