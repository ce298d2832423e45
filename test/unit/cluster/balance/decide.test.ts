import { expect, test } from "bun:test";
import { type Candidate, decide, MOST_AT_ONCE, type Situation } from "../../../../cluster/balance/decide.ts";
import { Ledger, REFUSAL_SECONDS } from "../../../../cluster/balance/ledger.ts";
import { STATUS } from "../../../../cluster/gossip/entry.ts";
import type { NodeView } from "../../../../cluster/view.ts";
import { NODE } from "../nodes.ts";

const NOW = 100;
const IDLE: NodeView = { ...NODE, id: 2, address: "10.0.0.2", cpus: 1, load: 0, busy: 0, heardUptime: NOW };
const OTHER: NodeView = { ...IDLE, id: 3, address: "10.0.0.3" };
const OWN: NodeView = { ...IDLE, id: 1, address: "10.0.0.1", isSelf: true, load: 4, busy: 1 };
const JOB: Candidate = { pid: 4711, startTime: 1, used: 10, wanted: 20, demand: 1, memory: 2 ** 20 };

function decideOn(changes: Partial<Situation>) {
  const candidates = changes.candidates ?? [JOB];
  const usual = { nodes: [OWN, IDLE], running: 4, ledger: new Ledger(), chance: () => 0, now: NOW };
  return decide({ ...usual, candidates, ...changes });
}

/** Pid and node of each move. */
function moves(changes: Partial<Situation> = {}): string[] {
  return decideOn(changes).map(({ candidate, node }) => `${candidate.pid} to ${node.id}`);
}

test("a process of a busy node goes to an idle one, and gains what the move leaves of it", () => {
  const [choice] = decideOn({});
  expect(choice).toMatchObject({ candidate: JOB, node: IDLE });
  // 40 s here among four; there 10 s, half a second for the move, and its memory.
  expect(choice!.gain).toBeCloseTo(40 - 10.5 - 2 ** 20 / 50e6, 6);
  // 32 s at most for the move and the rest: there, three may share the processor.
  expect(choice!.room.running).toBeCloseTo((32 - 0.5 - 2 ** 20 / 50e6) / 10, 6);
  expect(choice!.room.memory).toBe(JOB.memory);
});

test("nothing moves from a node that holds its processes, nor from a node without a cluster", () => {
  expect(moves({ nodes: [{ ...OWN, status: 3 | STATUS.lstay }, IDLE] })).toEqual([]);
  expect(moves({ nodes: [] })).toEqual([]);
});

const GUEST: Candidate = { ...JOB, guest: { home: OTHER.address, moves: 1 } };

test("mosctl lstay holds the node's own processes, and stay its guests too", () => {
  const candidates = [JOB, { ...GUEST, pid: 5 }];
  const on = (status: number) => moves({ nodes: [{ ...OWN, status: 3 | status }, IDLE, OTHER], candidates });
  expect(on(STATUS.lstay)).toEqual(["5 to 3"]);
  expect(on(STATUS.stay)).toEqual([]);
  expect(on(STATUS.quiet)).toEqual([]);
});

test("of moves that are as good a guest comes home, also where its home takes no guests, or goes on", () => {
  const nodes = [OWN, IDLE, { ...OTHER, status: 3 | STATUS.block }];
  expect(moves({ nodes, candidates: [JOB, { ...GUEST, pid: 5 }], chance: () => 0.99 })).toEqual([
    "5 to 3",
    "4711 to 2",
  ]);
  expect(moves({ nodes: [OWN, IDLE], candidates: [JOB, { ...GUEST, pid: 5 }] })).toEqual(["5 to 2"]);
});

test("only nodes are asked whose processor can do what that of the home can, as far as it is known", () => {
  const [older, newer] = [0x0207, 0x031f];
  const on = (home: number, there: number | undefined) =>
    moves({
      nodes: [
        { ...OWN, processor: home },
        { ...IDLE, ...(there && { processor: there }) },
      ],
    }).length;
  expect([on(newer, older), on(newer, newer), on(older, newer)]).toEqual([0, 1, 1]);
  expect([on(newer, undefined), on(0, older)]).toEqual([1, 1]);
  // A guest began at its home, whatever this node can do.
  const nodes = [
    { ...OWN, processor: newer },
    { ...IDLE, processor: older },
  ];
  const guest = { ...JOB, guest: { home: OTHER.address, moves: 1 } };
  const block = 3 | STATUS.block;
  const home = { ...OTHER, status: block, busy: 1, load: 9 };
  expect(moves({ nodes: [...nodes, { ...home, processor: older }], candidates: [guest] })).toEqual([
    "4711 to 2",
  ]);
  expect(moves({ nodes: [...nodes, { ...home, processor: newer }], candidates: [guest] })).toEqual([]);
});

test("a guest stays twice as long on each node as on the node before", () => {
  const after = (count: number, wanted: number) =>
    moves({ candidates: [{ ...GUEST, wanted, guest: { home: OTHER.address, moves: count } }] }).length;
  expect([after(1, 1.9), after(1, 2)]).toEqual([0, 1]);
  expect([after(2, 3.9), after(2, 4)]).toEqual([0, 1]);
  expect([after(6, 63), after(6, 64)]).toEqual([0, 1]);
});

test("a node that had no room is not chosen again before there is news of it", () => {
  const ledger = new Ledger();
  ledger.refuse(ledger.begin(JOB, IDLE.address, 0, NOW), NOW);
  expect(moves({ ledger })).toEqual([]);
  expect(moves({ ledger, nodes: [OWN, IDLE, OTHER] })).toEqual(["4711 to 3"]);
  expect(moves({ ledger, nodes: [OWN, { ...IDLE, heardUptime: NOW + 1 }] })).toEqual(["4711 to 2"]);
});

test.each([
  ["each process has a processor", { running: 1 }],
  ["the others run for moments only", { running: 1.6, candidates: [{ ...JOB, used: 1_000 }] }],
  ["it has run and waited for less than two seconds", { candidates: [{ ...JOB, wanted: 1.9 }] }],
  ["it mostly waits for something else", { candidates: [{ ...JOB, demand: 0.6 }] }],
  ["the other node takes no guests", { nodes: [OWN, { ...IDLE, status: 3 | STATUS.block }] }],
  ["the other node has no room in memory", { nodes: [OWN, { ...IDLE, memoryFree: JOB.memory }] }],
  ["the other node is as busy", { nodes: [OWN, { ...IDLE, busy: 1, load: 3 }] }],
  ["the other node is too slow", { nodes: [OWN, { ...IDLE, speed: OWN.speed / 4 }] }],
])("a process stays: %s", (_, change) => {
  expect(moves(change)).toEqual([]);
});

test("a process that shares its processor with many has used little, and moves all the same", () => {
  const nodes = [OWN, { ...IDLE, busy: 1, load: 4 }];
  const candidates = [{ ...JOB, used: 0.1, wanted: 2 }];
  // Two seconds more are expected of it: 20 s here, and 10 s there.
  expect(moves({ nodes, running: 10, candidates })).toEqual(["4711 to 2"]);
  expect(moves({ nodes, running: 6, candidates })).toEqual([]);
});

test("a little sooner is not enough: 1.25 times", () => {
  const nodes = [OWN, { ...IDLE, busy: 1, load: 1 }];
  const candidates = [{ ...JOB, used: 1_000 }];
  // Two share that processor then: 2,000 s.
  expect(moves({ nodes, running: 2.4, candidates })).toEqual([]);
  expect(moves({ nodes, running: 2.6, candidates })).toEqual(["4711 to 2"]);
});

test("memory that takes long to send keeps a short process", () => {
  const large = { ...JOB, used: 2, memory: 2 ** 29 };
  const nodes = [OWN, { ...IDLE, memoryFree: 2 ** 30 }];
  expect(moves({ nodes, candidates: [large] })).toEqual([]);
  expect(moves({ nodes, candidates: [{ ...large, used: 20 }] })).toEqual(["4711 to 2"]);
});

test("moves that take long on these machines keep short processes", () => {
  const ledger = new Ledger();
  for (const at of [0, 20, 40]) ledger.succeed(ledger.begin(JOB, "10.0.0.9", 0, at), at + 20);
  expect(ledger.moveSeconds).toBeGreaterThan(10);
  expect(moves({ ledger, candidates: [{ ...JOB, used: 2 }] })).toEqual([]);
  expect(moves({ ledger, candidates: [{ ...JOB, used: 20 }] })).toEqual(["4711 to 2"]);
});

test("the process that gains most goes first, and to the node that is fastest for it", () => {
  const nodes = [OWN, IDLE, { ...OTHER, speed: 2 * IDLE.speed }];
  expect(moves({ nodes, candidates: [JOB, { ...JOB, pid: 5, used: 20 }] })).toEqual(["5 to 3", "4711 to 2"]);
});

test("one decision has a move for each node, as long as moves pay and four are under way at most", () => {
  const targets = [2, 3, 4, 5, 6, 7].map((id) => ({ ...IDLE, id, address: `10.0.0.${id}` }));
  const candidates = [1, 2, 3, 4, 5, 6, 7].map((pid) => ({ ...JOB, pid }));
  const nodes = [OWN, ...targets];
  expect(new Set(decideOn({ nodes, candidates, running: 7 }).map(({ node }) => node)).size).toBe(
    MOST_AT_ONCE,
  );
  expect(moves({ nodes, candidates: candidates.slice(0, 3), running: 3 })).toHaveLength(2);
  const ledger = new Ledger();
  for (const { address } of targets.slice(0, 3)) ledger.begin({ pid: 9, startTime: 1 }, address, 0, NOW);
  expect(moves({ nodes, candidates, running: 7, ledger })).toEqual(["1 to 5"]);
});

test("a node to which a process has gone counts as busier until its own news shows it", () => {
  const ledger = new Ledger();
  const move = ledger.begin({ pid: 9, startTime: 1 }, IDLE.address, 0, NOW);
  expect(moves({ ledger })).toEqual([]);
  expect(moves({ ledger, nodes: [OWN, IDLE, OTHER] })).toEqual(["4711 to 3"]);
  ledger.succeed(move, NOW);
  expect(moves({ ledger, running: 2 })).toEqual([]);
  expect(moves({ ledger, running: 2, nodes: [OWN, { ...IDLE, heardUptime: NOW + 4 }] })).toEqual([
    "4711 to 2",
  ]);
});

test("the memory of a process that has just gone is not given twice", () => {
  const ledger = new Ledger();
  ledger.succeed(ledger.begin({ pid: 9, startTime: 1 }, IDLE.address, 60 * 2 ** 20, NOW), NOW);
  const sized = (megabytes: number) => [{ ...JOB, used: 100, memory: megabytes * 2 ** 20 }];
  expect(moves({ ledger, candidates: sized(50) })).toEqual([]);
  expect(moves({ ledger, candidates: sized(30) })).toEqual(["4711 to 2"]);
});

test("a refusal holds for that process and that node, for a minute", () => {
  const ledger = new Ledger();
  ledger.fail(ledger.begin(JOB, IDLE.address, 0, NOW), "its processor lacks avx2", NOW);
  expect(moves({ ledger })).toEqual([]);
  expect(moves({ ledger, candidates: [{ ...JOB, startTime: 2 }] })).toEqual(["4711 to 2"]);
  expect(moves({ ledger, nodes: [OWN, IDLE, OTHER] })).toEqual(["4711 to 3"]);
  const now = NOW + REFUSAL_SECONDS;
  expect(moves({ ledger, now, nodes: [OWN, { ...IDLE, heardUptime: now }] })).toEqual(["4711 to 2"]);
});

test("the same reason from two nodes is one of the process, and holds for all nodes", () => {
  const ledger = new Ledger();
  const fail = (node: string, why: string) => ledger.fail(ledger.begin(JOB, node, 0, NOW), why, NOW);
  expect(fail("10.0.0.8", "it uses a socket")).toBe(true);
  expect(moves({ ledger })).toEqual(["4711 to 2"]);
  expect(fail("10.0.0.9", "it uses a socket")).toBe(false);
  expect(moves({ ledger })).toEqual([]);
});

test("busy nodes do not all choose the same of two idle nodes", () => {
  const nodes = [OWN, IDLE, OTHER];
  expect(moves({ nodes, chance: () => 0 })).toEqual(["4711 to 2"]);
  expect(moves({ nodes, chance: () => 0.99 })).toEqual(["4711 to 3"]);
});
