/** Many nodes in one process: the gossip of the daemon itself, on a wire that delivers at once. */

import { Gossip, type OwnFacts } from "../../cluster/gossip/gossip.ts";
import { encodeGossip, type GossipMessage, mostEntries, type Outgoing } from "../../cluster/gossip/packet.ts";
import { NodeTable, type Table } from "../../cluster/gossip/table.ts";
import { createRandom } from "../lib/random.ts";

import { CompactTable } from "./compact-table.ts";

export const FACTS: OwnFacts = {
  id: 1,
  status: 3,
  load: 0,
  busy: 0,
  version: 0x70,
  cpus: 1,
  speed: 10_000,
  memoryFree: 0,
  memoryTotal: 2 ** 30,
  mac: 0,
  guests: 0,
  away: 0,
  processor: 0,
};

export const WINDOW = mostEntries(0);
const FIRST_ADDRESS = 0x0a000001;
/** What the kernel keeps for a process that does not read: net.core.rmem_default, of datagrams of 1.4 KB. */
const SOCKET_DATAGRAMS = 90;

interface Sent {
  readonly from: number;
  readonly outgoing: Outgoing;
}

export class SimulatedCluster {
  readonly nodes: Gossip[];
  /** Milliseconds. */
  now = 1_000_000;
  bytes = 0;
  datagrams = 0;
  /** Those that are switched off, by index. */
  readonly off = new Set<number>();
  /** Whether what one node sends reaches the other. */
  reaches: (from: number, to: number) => boolean = () => true;
  /** What becomes of a message on its way. */
  wire: (from: number, message: GossipMessage) => GossipMessage | undefined = (_, message) => message;
  readonly #hosts: readonly number[];
  /** Index by address. */
  readonly #places: ReadonlyMap<number, number>;
  readonly #random: () => number;
  readonly #chance: () => number;
  /** The share of datagrams that is lost. */
  readonly #loss: number;
  readonly #makeTable: (own: number) => Table;
  /** The one that is held up, and what waits for it. */
  #paused: { readonly index: number; readonly waiting: Sent[] } | undefined;

  /** `hosts` are the places of the nodes in their network, one beside the other unless said. */
  constructor(
    count: number,
    {
      seed = 1,
      acquainted = true,
      compact = false,
      loss = 0,
      room = count + 1,
      hosts = [...Array(count).keys()],
    } = {},
  ) {
    this.#hosts = hosts;
    this.#places = new Map(hosts.map((host, index) => [FIRST_ADDRESS + host, index]));
    this.#random = createRandom(seed);
    this.#chance = createRandom(seed + 1);
    this.#loss = loss;
    this.#makeTable = compact
      ? (own) => new CompactTable({ count, first: FIRST_ADDRESS, own, facts: FACTS })
      : () => new NodeTable(room);
    this.nodes = Array.from({ length: count }, (_, index) => this.#boot(index, 1_000));
    if (!acquainted) return;
    const entries = this.nodes.map(({ address }) => ({
      ...FACTS,
      address,
      id: address & 0xffff,
      incarnation: 1_000,
      beat: 0,
      age: 0,
      condition: "up" as const,
    }));
    for (const node of this.nodes)
      for (const entry of entries) node.receive({ wantsAnswer: false, entries: [entry] }, this.now);
  }

  static address(index: number): number {
    return FIRST_ADDRESS + index;
  }

  #boot(index: number, incarnation: number): Gossip {
    const address = FIRST_ADDRESS + (this.#hosts[index] ?? index);
    const own = { ...FACTS, id: address & 0xffff };
    return new Gossip({
      address,
      incarnation,
      own,
      window: WINDOW,
      random: this.#random,
      table: this.#makeTable(address),
    });
  }

  /** Switches a node on again, with nothing remembered. */
  restart(index: number, incarnation: number): Gossip {
    this.off.delete(index);
    const node = this.#boot(index, incarnation);
    this.nodes[index] = node;
    return node;
  }

  /** Cuts the link between two nodes, or the way from the first to the second alone; all others reach each other. */
  cut(one: number, other: number, { oneWay = false } = {}): void {
    this.reaches = (from, to) =>
      !(from === one && to === other) && (oneWay || !(from === other && to === one));
  }

  /** One second: every node that is on says its message, at another moment of it and in a new order each time. */
  second(): void {
    const end = this.now + 1_000;
    const moments = this.nodes.map(() => this.#random() * 1_000).sort((a, b) => a - b);
    for (const [turn, index] of shuffled(this.nodes.length, this.#random).entries()) {
      if (this.off.has(index) || this.#paused?.index === index) continue;
      this.now = Math.floor(end - 1_000 + moments[turn]!);
      for (const outgoing of this.nodes[index]!.tick(this.now)) this.deliver(index, outgoing);
    }
    this.now = end;
  }

  /** Holds a node up: what comes for it waits, as far as the kernel keeps it. */
  pause(index: number): void {
    this.#paused = { index, waiting: [] };
  }

  /** Lets it go on. */
  resume(): void {
    const waiting = this.#paused?.waiting ?? [];
    this.#paused = undefined;
    for (const each of waiting) {
      for (const { from, outgoing } of this.#hand(each)) this.deliver(from, outgoing);
    }
  }

  /** Puts a message on the wire, and then all answers to it, until no node has anything to send. */
  deliver(from: number, outgoing: Outgoing): void {
    const wire = [{ from, outgoing }];
    for (let next = wire.shift(); next; next = wire.shift()) wire.push(...this.#carry(next));
  }

  #carry({ from, outgoing }: Sent): Sent[] {
    const { to, message } = outgoing;
    this.datagrams++;
    this.bytes += encodeGossip({ ...message, entries: [] }).length + message.entries.length * 36;
    const index = this.#places.get(to);
    if (index === undefined) return [];
    if (this.off.has(index) || !this.reaches(from, index)) return [];
    if (this.#loss > 0 && this.#chance() < this.#loss) return [];
    if (this.#paused?.index !== index) return this.#hand({ from, outgoing });
    if (this.#paused.waiting.length < SOCKET_DATAGRAMS) this.#paused.waiting.push({ from, outgoing });
    return [];
  }

  #hand({ from, outgoing: { to, message } }: Sent): Sent[] {
    const index = this.#places.get(to) ?? 0;
    const arrived = this.wire(from, message);
    const answers = (arrived && this.nodes[index]?.receive(arrived, this.now)) ?? [];
    return answers.map((outgoing) => ({ from: index, outgoing }));
  }

  seconds(count: number): void {
    for (let second = 0; second < count; second++) this.second();
  }

  /** What a node thinks of another. */
  condition(of: number, by: number): string {
    const { table } = this.nodes[by]!;
    const slot = table.find(this.nodes[of]!.address);
    return slot === undefined ? "unknown" : table.condition(slot);
  }

  /**
   * How old what the nodes that are on know of each other is, in seconds: the mean, the worst that a node has
   * on average, and the worst there is.
   */
  ages(): { readonly mean: number; readonly meanWorst: number; readonly worst: number } {
    let [sum, count, worst, sumWorst] = [0, 0, 0, 0];
    for (const [index, { table }] of this.nodes.entries()) {
      if (this.off.has(index)) continue;
      let own = 0;
      for (let slot = 0; slot < table.size; slot++) {
        if (table.condition(slot) !== "up") continue;
        const age = (this.now - table.producedAt(slot)) / 1_000;
        sum += age;
        count++;
        own = Math.max(own, age);
      }
      sumWorst += own;
      worst = Math.max(worst, own);
    }
    return { mean: sum / count, meanWorst: sumWorst / (this.nodes.length - this.off.size), worst };
  }
}

function shuffled(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
