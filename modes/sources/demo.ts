/** A made-up cluster for demos and tests; the same seed gives the same cluster. */

import type { MovesReport } from "../../cluster/moves-report.ts";
import type { ClusterView, NodeView } from "../../cluster/view.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import { countOnNodes, makeMoves } from "./demo-jobs.ts";
import type { Sample } from "./sample.ts";
import type { Source } from "./source.ts";

export const MOST_DEMO_NODES = 4_096;

/** The number of the demo's own node. */
const OWN_NODE = 7;
/** Uptime of the own node at the start of the demo, in seconds. */
const FIRST_UPTIME = 3_600;
const SECOND = 1_000;
/** The time of day at which the own node has started, in milliseconds since 1970. */
const FIRST_TIME = Date.UTC(2008, 2, 1, 7, 28);
/** Probabilities a second: a burst of work begins, it ends, a node dies, a dead node returns. */
const CHANCE = { work: 0.02, rest: 0.03, death: 0.0001, birth: 0.005 };
const GIGABYTE = 2 ** 30;
const SPEEDS = [8_000, 10_000, 23_500, 41_000];

interface Actor {
  readonly node: NodeView;
  readonly isWorking: boolean;
}

export class Demo implements Source {
  readonly origin: string;
  readonly #own: number;
  readonly #status: NodeStatus;
  readonly #random: () => number;
  #actors: readonly Actor[];
  #uptime = FIRST_UPTIME;

  /** Makes up `count` nodes with the numbers from 1. */
  constructor(count: number, seed = 1) {
    const random = createRandom(seed);
    this.origin = `a demo of ${count} ${count === 1 ? "node" : "nodes"}`;
    this.#own = Math.min(OWN_NODE, count);
    this.#status = makeStatus(this.#own, count);
    this.#random = random;
    this.#actors = Array.from({ length: count }, (_, index) => createActor(index + 1, count, random));
  }

  sample(): Promise<Sample> {
    return Promise.resolve(this.next());
  }

  /** The sample of the next second, without waiting. */
  next(): Sample {
    this.#uptime++;
    this.#actors = this.#actors.map((actor) => live(actor, this.#uptime, this.#random));
    const { busy, cpus, memoryTotal, memoryFree } = this.#actors[this.#own - 1]!.node;
    return { load: busy, cpus, memoryTotal, memoryUsed: memoryTotal - memoryFree, uptime: this.#uptime };
  }

  status(): NodeStatus {
    return this.#status;
  }

  cluster(): ClusterView {
    return {
      isOpen: true,
      discovery: "map",
      nodes: countOnNodes(this.#nodes, this.moves()),
      problems: [],
      drops: { oversized: 0, malformed: 0, forged: 0, replayed: 0, misaddressed: 0, foreign: 0, hasty: 0 },
    };
  }

  moves(): MovesReport {
    return makeMoves(this.#nodes, this.#uptime, this.now());
  }

  now(): number {
    return FIRST_TIME + this.#uptime * SECOND;
  }

  get #nodes(): readonly NodeView[] {
    return this.#actors.map(({ node }) => node);
  }

  close(): void {}
}

function makeStatus(own: number, count: number): NodeStatus {
  return {
    version: "7.0",
    hostname: `node${own}`,
    mode: "ClumpOS",
    node: own,
    address: addressOf(own),
    prefix: count > 254 ? 16 : 24,
    nic: "eth0",
    lease: { server: "10.0.0.254", obtainedUptime: FIRST_UPTIME - 600, seconds: 86_400, state: "BOUND" },
    map: `1 10.0.0.1 ${count}`,
    nics: [
      {
        name: "eth0",
        mac: "52:54:00:12:34:56",
        device: "0000:00:03.0 8086:100e e1000",
        carrier: true,
        dhcp: "BOUND",
      },
    ],
    problems: [],
    warnings: [],
  };
}

function createActor(id: number, count: number, random: () => number): Actor {
  const memoryTotal = GIGABYTE * 2 ** Math.floor(random() * 5);
  const state = id !== Math.min(OWN_NODE, count) && random() < 0.02 ? "dead" : "up";
  const node: NodeView = {
    id,
    address: addressOf(id),
    aliases: [],
    state,
    isSelf: id === Math.min(OWN_NODE, count),
    status: state === "up" ? 3 : 1,
    load: 0,
    busy: random() * 0.2,
    cpus: 2 ** Math.floor(random() * 5),
    speed: SPEEDS[Math.floor(random() * SPEEDS.length)] ?? 10_000,
    memoryFree: Math.floor(memoryTotal * (0.4 + random() / 2)),
    memoryTotal,
    heardUptime: FIRST_UPTIME,
    incarnation: 1,
    version: "7.0",
  };
  return { node, isWorking: random() < 0.4 };
}

/** Simulates one second of a node. */
function live({ node, isWorking }: Actor, uptime: number, random: () => number): Actor {
  const chance = random();
  if (node.state === "dead") {
    return chance < CHANCE.birth
      ? { node: { ...node, state: "up", busy: 0 }, isWorking: false }
      : { node, isWorking };
  }
  if (!node.isSelf && chance < CHANCE.death) return { node: { ...node, state: "dead" }, isWorking: false };
  const goesOn = isWorking ? random() > CHANCE.rest : random() < CHANCE.work;
  const wanted = goesOn ? 0.9 : 0.04;
  const busy = clamp(node.busy + (wanted - node.busy) * 0.2 + (random() - 0.5) * 0.08);
  const memoryFree = node.memoryTotal * clamp(0.85 - busy / 2 + (random() - 0.5) * 0.01);
  return {
    node: {
      ...node,
      busy: Math.round(busy * 1000) / 1000,
      load: Math.round(busy * (1 + 0.5 * busy) * (10_000 / node.speed) * 10_000) / 10_000,
      memoryFree: Math.floor(memoryFree),
      heardUptime: node.isSelf ? uptime : uptime - Math.floor(random() * 7),
    },
    isWorking: goesOn,
  };
}

function addressOf(id: number): string {
  return `10.0.${Math.floor(id / 256)}.${id % 256}`;
}

function clamp(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}

/** Pseudo-random numbers from 0 to 1: a linear congruential generator (Numerical Recipes). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
