import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Balancer, type BalancerOptions, isOfThisNode } from "../../../../cluster/balance/balancer.ts";
import { NoRoom } from "../../../../cluster/balance/room.ts";
import type { ProcessDemand } from "../../../../probes/processes/demand.ts";
import { NODE } from "../nodes.ts";

const IDLE = { ...NODE, id: 2, address: "10.0.0.2", cpus: 1, load: 0, busy: 0 };
const BUSY = { ...IDLE, id: 1, address: "10.0.0.1", isSelf: true, load: 2, busy: 1 };
const NODES = [BUSY, IDLE];
/** No process has that pid. */
const JOB: ProcessDemand = {
  ...{
    pid: 999_999_999,
    startTime: 1,
    used: 10,
    wanted: 20,
    demand: 1,
    memory: 0,
    hasSession: true,
    isSessionLeader: false,
  },
};
const OTHER: ProcessDemand = { ...JOB, pid: 999_999_998, used: 5 };

function make(changes: Partial<BalancerOptions> = {}, jobs: readonly ProcessDemand[] = [JOB, OTHER]) {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const moved: string[] = [];
  const migrate = changes.migrate ?? (async () => {});
  const balancer = new Balancer({
    ...{ meter: { read: () => [...jobs] }, held: async () => ({ away: [], locked: [], guests: [] }) },
    ...{ log: { error: say, warn: say, info: say, debug: say }, isOwn: () => true, now: () => 60 },
    ...changes,
    sendOnward: (pid, to, room) => {
      moved.push(`guest ${pid} to ${to}`);
      return migrate(pid, to, room);
    },
    migrate: (pid, to, room) => {
      moved.push(`${pid} to ${to}`);
      return migrate(pid, to, room);
    },
  });
  return { balancer, moved, said };
}

test("a process moves, and the log says that the cluster has moved it", async () => {
  const { balancer, moved, said } = make();
  await balancer.look(NODES);
  await Bun.sleep(0);
  expect(moved).toEqual(["999999999 to 10.0.0.2"]);
  expect(said).toEqual(["the cluster has moved process 999999999 () to node 2, to end about 10 s sooner"]);
});

test("the next process moves as soon as the one before has", async () => {
  const { balancer, moved } = make({}, [JOB, OTHER, { ...OTHER, pid: 999_999_997 }]);
  await balancer.look([
    { ...BUSY, load: 3 },
    { ...IDLE, cpus: 4 },
  ]);
  await Bun.sleep(0);
  // The last one has the processor for itself.
  expect(moved).toHaveLength(2);
});

test("nothing is asked while each process has a processor", async () => {
  let asked = 0;
  const { balancer } = make({ held: async () => ({ away: [], locked: [], guests: [], asked: asked++ }) });
  await balancer.look([{ ...BUSY, load: 1 }, IDLE]);
  expect(asked).toBe(0);
});

test("a reason why a process stays is in the log once, and the next process is free to go", async () => {
  let time = 60;
  const { balancer, moved, said } = make({
    migrate: () => Promise.reject(new Error("it uses a socket")),
    now: () => time,
  });
  for (; time < 300; time += 61) {
    const heardUptime = time;
    for (const _ of [1, 2, 3]) {
      await balancer.look(NODES.map((node) => ({ ...node, heardUptime })));
      await Bun.sleep(0);
    }
  }
  expect(moved.slice(0, 2)).toEqual(["999999999 to 10.0.0.2", "999999998 to 10.0.0.2"]);
  expect(moved).toHaveLength(8);
  expect(said).toEqual([
    "the cluster leaves process 999999999 () at home: it uses a socket",
    "the cluster leaves process 999999998 () at home: it uses a socket",
  ]);
});

test("where a node has no room the next one is asked at once", async () => {
  const migrate = (_: number, to: string) =>
    to === "10.0.0.9" ? Promise.resolve() : Promise.reject(new NoRoom("node 2 has become busy meanwhile"));
  const { balancer, moved, said } = make({ migrate });
  // The first is the best as far as the news goes.
  await balancer.look([...NODES, { ...IDLE, id: 9, address: "10.0.0.9", speed: 0.8 * IDLE.speed }]);
  await Bun.sleep(0);
  expect(moved.slice(0, 1)).toEqual(["999999999 to 10.0.0.2"]);
  expect(moved.at(-1)).toBe("999999999 to 10.0.0.9");
  expect(moved).toHaveLength(2);
  expect(said).toHaveLength(1);
});

test("a guest counts and goes on with all its processes, and with what it has used before", async () => {
  const supervisor = { ...JOB, pid: 50, used: 0, wanted: 0, demand: 0 };
  const body = { ...JOB, pid: 51, used: 1, wanted: 2 };
  const held = { supervisor: 50, home: "10.0.0.7", used: 100, moves: 1 };
  const { balancer, moved, said } = make(
    {
      held: async () => ({ away: [], locked: [], guests: [held] }),
      isOwn: (pid) => pid === JOB.pid,
      processesOf: (pid) => (pid === 50 ? [50, 51] : []),
    },
    [supervisor, body, JOB],
  );
  await balancer.look(NODES);
  await Bun.sleep(0);
  expect(moved).toEqual(["guest 50 to 10.0.0.2"]);
  expect(said).toEqual(["the cluster has moved a guest of 10.0.0.7 to node 2, to end about 101 s sooner"]);
});

test("a process that is on its way neither counts nor moves", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { balancer, moved } = make({ migrate: () => promise });
  const nodes = [BUSY, IDLE, { ...IDLE, id: 3, address: "10.0.0.3" }];
  await balancer.look(nodes);
  await balancer.look(nodes);
  expect(moved).toHaveLength(1);
  resolve();
});

test.each([
  ["process 1", { ...JOB, pid: 1 }, {}],
  ["a shell at a prompt", { ...JOB, isSessionLeader: true }, {}],
  ["a service of process 1", { ...JOB, hasSession: false }, {}],
  ["a locked process", JOB, { held: async () => ({ away: [], locked: [JOB.pid], guests: [] }) }],
  [
    "the deputy of a process that is away",
    JOB,
    { held: async () => ({ away: [JOB.pid], locked: [], guests: [] }) },
  ],
  ["a guest", JOB, { isOwn: () => false }],
])("%s stays", async (_, job, changes: Partial<BalancerOptions>) => {
  const { balancer, moved } = make(changes, [job, { ...OTHER, demand: 0.5 }, { ...OTHER, demand: 0.6 }]);
  await balancer.look(NODES);
  expect(moved).toEqual([]);
});

test("a daemon of moves that does not answer is left alone for half a minute", async () => {
  let time = 60;
  let asked = 0;
  const { balancer, said } = make({
    held: async () => {
      asked++;
      throw new Error("clumpjobs does not run on this node");
    },
    now: () => time,
  });
  const look = () => balancer.look(NODES.map((node) => ({ ...node, heardUptime: time })));
  for (time of [60, 61, 89]) await look();
  expect(asked).toBe(1);
  expect(said).toEqual([
    "Cannot spread processes: clumpjobs does not run on this node, trying again in 30 s",
  ]);
  time = 90;
  await look();
  expect(asked).toBe(2);
});

test("isOfThisNode() leaves out containers, and nobody whose namespaces this daemon may not see, as on a workstation", () => {
  const root = mkdtempSync(join(tmpdir(), "balancer-"));
  const kinds = ["mnt", "pid", "net", "uts", "ipc", "user", "time"];
  const put = (pid: number | "self", mnt: string) => {
    mkdirSync(join(root, `proc/${pid}/ns`), { recursive: true });
    for (const kind of kinds)
      symlinkSync(kind === "mnt" ? mnt : `${kind}:[1]`, join(root, `proc/${pid}/ns/${kind}`));
  };
  put("self", "mnt:[1]");
  put(8, "mnt:[2]");
  put(9, "mnt:[1]");
  mkdirSync(join(root, "proc/7"));
  expect([7, 8, 9].map((pid) => isOfThisNode(pid, root))).toEqual([true, false, true]);
  rmSync(root, { recursive: true });
});
