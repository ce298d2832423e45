/** What the gossip costs one node of so many: the code of clumpd, with the settings of its service. */

import { join } from "node:path";
import type { NodeEntry } from "../../cluster/gossip/entry.ts";
import { ANSWER_ENTRIES, Gossip } from "../../cluster/gossip/gossip.ts";
import {
  decodeGossip,
  encodeGossip,
  type GossipMessage,
  mostEntries,
  type Outgoing,
} from "../../cluster/gossip/packet.ts";
import { SERVICES } from "../../modes/services.ts";
import { FACTS } from "../cluster/simulated-cluster.ts";
import { createRandom } from "../lib/random.ts";

const FIRST_ADDRESS = 0x0a000001;
const SECOND = 1_000;
const MOST_ENTRIES = mostEntries(0);
/** Until the entries are of different ages. */
const WARM_SECONDS = 50;

/** Milliseconds of processor time that one node takes for a second of gossip, the mean of `seconds`; in a process of its own. */
export async function measureGossip({
  nodes,
  seconds,
}: {
  readonly nodes: number;
  readonly seconds: number;
}): Promise<number> {
  const [service] = SERVICES.clumpd({ consoles: [], locksShells: false });
  const script = join(import.meta.dir, "gossip-cost.ts");
  const child = Bun.spawn([process.execPath, script, String(nodes), String(seconds)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...service?.environment },
  });
  const milliseconds = Number.parseFloat(await child.stdout.text());
  if (Number.isFinite(milliseconds)) return milliseconds;
  throw new Error(`Cannot measure the gossip of ${nodes} nodes: it ended with ${await child.exited}`);
}

/** One node that knows all others. In each second one other node asks this node, and the nodes that it asks answer. */
class BusyNode {
  readonly #random = createRandom(1);
  readonly #nodes: number;
  readonly #gossip: Gossip;
  #now = 1_000_000;
  #beat = 1;

  constructor(nodes: number) {
    this.#nodes = nodes;
    const own = { address: FIRST_ADDRESS, incarnation: 1, own: FACTS };
    this.#gossip = new Gossip({ ...own, window: MOST_ENTRIES, random: this.#random });
    for (let index = 1; index < nodes; index++)
      this.#hear({ wantsAnswer: false, entries: [this.#entry(index)] });
  }

  second(): void {
    this.#now += SECOND;
    this.#beat++;
    for (const { to, message } of this.#gossip.tick(this.#now)) {
      encodeGossip(message);
      const entries = this.#entries(to - FIRST_ADDRESS, message.isBrief ? 1 : ANSWER_ENTRIES);
      if (message.wantsAnswer) this.#hear({ wantsAnswer: false, entries });
    }
    const entries = this.#entries(this.#draw(), MOST_ENTRIES);
    for (const { message } of this.#hear({ wantsAnswer: true, entries })) encodeGossip(message);
  }

  #hear(message: GossipMessage): Outgoing[] {
    const arrived = decodeGossip(encodeGossip(message));
    return arrived === undefined ? [] : this.#gossip.receive(arrived, this.#now);
  }

  /** The sender's own, and those of nodes drawn at random. */
  #entries(from: number, count: number): NodeEntry[] {
    const others = Array.from({ length: count - 1 }, () => this.#entry(this.#draw()));
    return [this.#entry(from), ...others];
  }

  #draw(): number {
    return 1 + Math.floor(this.#random() * (this.#nodes - 1));
  }

  #entry(index: number): NodeEntry {
    const address = FIRST_ADDRESS + index;
    const known = { incarnation: 1, beat: this.#beat, age: 0, condition: "up" as const };
    return { ...FACTS, id: address & 0xffff, address, ...known };
  }
}

function runNode(nodes: number, seconds: number): number {
  const node = new BusyNode(nodes);
  for (let second = 0; second < WARM_SECONDS; second++) node.second();
  const before = process.cpuUsage();
  for (let second = 0; second < seconds; second++) node.second();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / SECOND / seconds;
}

if (import.meta.main) {
  const [nodes = 0, seconds = 0] = process.argv.slice(2).map(Number);
  console.log(runNode(nodes, seconds));
}
