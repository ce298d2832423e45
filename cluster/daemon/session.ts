/** The daemon while this node has an address: discovery and gossip on its network, and what they have found. */

import { STANDARD_SPEED } from "../../probes/speed.ts";
import { TokenBucket } from "../../system/token-bucket.ts";
import { rememberAliases } from "../discovery/aliases.ts";
import { Beacon } from "../discovery/beacon.ts";
import { DISCOVERY_PORT, type DiscoveryType } from "../discovery/packet.ts";
import { Sweep } from "../discovery/sweep.ts";
import { Gossip } from "../gossip/gossip.ts";
import { GOSSIP_PORT, mostEntries, type Outgoing } from "../gossip/packet.ts";
import { MOST_NODES } from "../gossip/table.ts";
import { TICK_MILLISECONDS } from "../gossip/timing.ts";
import { nodeAtAddress } from "../map/map.ts";
import { omdiscdNode } from "../map/omdiscd-map.ts";
import { type DropCounts, drop } from "../security/datagram-seal.ts";
import type { ClusterKey } from "../security/key.ts";
import { SEAL_BYTES } from "../security/seal.ts";
import type { Discovery } from "../view.ts";
import { Datagrams } from "./datagrams.ts";
import { openGossip, openGroup, type Wire } from "./network.ts";
import { coversAddress, type OwnIdentity } from "./own-identity.ts";
import type { createLoadMeter, OwnLoad } from "./own-load.ts";
import { type OwnState, statusBits } from "./own-state.ts";
import { RELEASE } from "./release.ts";

export interface SessionOptions {
  readonly identity: OwnIdentity;
  readonly key: ClusterKey | undefined;
  readonly discovery: Discovery;
  readonly drops: DropCounts;
  readonly state: () => OwnState;
  readonly meter: ReturnType<typeof createLoadMeter>;
  /** Something of the view may have changed. */
  readonly changed: () => void;
}

/** New nodes that are spoken to out of turn, in a second. */
const GREETINGS = 5;
/** Nodes that speak to a new one out of turn, on average. */
const GREETERS = 8;
/** Answers in a second; one is the rule. */
const ANSWERS = 64;
/** Nodes that are told of a farewell one by one, beside the multicast. */
const FAREWELLS = 8;

export class Session {
  readonly gossip: Gossip;
  /** Further addresses of nodes, from discovery. */
  readonly aliases = new Map<number, readonly number[]>();
  identity: OwnIdentity;
  readonly #options: SessionOptions;
  readonly #datagrams: Datagrams;
  readonly #greetings = new TokenBucket(GREETINGS);
  readonly #answers = new TokenBucket(ANSWERS);
  readonly #sweep = new Sweep(Math.random);
  #load: OwnLoad;
  #discovery: Wire | undefined;
  /** Where a node that comes tells all others of itself, beside what omdiscd has room for. */
  #introductions: Wire | undefined;
  #gossipWire: Wire | undefined;
  #beacon: Beacon | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { key, drops, identity } = options;
    this.identity = identity;
    this.#load = options.meter(options.state().speed / STANDARD_SPEED);
    const covers = (address: number) => coversAddress(this.identity, address);
    this.#datagrams = new Datagrams({ key, drops, covers, onReplay: this.#remind.bind(this) });
    this.gossip = new Gossip({
      address: identity.address,
      incarnation: Math.floor(Date.now() / 1000),
      own: this.#ownFacts(),
      window: mostEntries(key ? SEAL_BYTES : 0),
      random: Math.random,
      covers,
    });
  }

  /** @throws the error of a socket */
  async open(): Promise<void> {
    const { identity } = this.#options;
    this.#gossipWire = await openGossip(identity.address, (bytes, from) => this.hearGossip(bytes, from));
    if (this.#options.discovery !== "static") {
      const { address } = identity;
      this.#discovery = await openGroup(address, DISCOVERY_PORT, (bytes, from) =>
        this.hearDiscovery(bytes, from),
      );
      this.#introductions = await openGroup(address, GOSSIP_PORT, (bytes, from) =>
        this.hearGossip(bytes, from, { isToAll: true }),
      );
      this.#beacon = new Beacon({
        send: (type) => this.#announce(type),
        countOthers: () => this.gossip.alive - 1,
        gossips: (address) => this.gossip.table.knowsGossipOf(address),
        hasSilent: () => this.gossip.hasSilent,
        random: Math.random,
      });
    }
    this.#timer = setInterval(() => this.#tick(), TICK_MILLISECONDS);
    this.#tick();
  }

  /** Says from the next message on what this node has become. */
  refresh(): void {
    this.gossip.own = this.#ownFacts();
    this.#options.changed();
  }

  /** Says goodbye and closes. */
  leave(): void {
    for (const outgoing of this.gossip.leave(FAREWELLS)) this.#post(outgoing);
    this.#beacon?.leave();
    this.close();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#beacon?.close();
    this.#discovery?.close();
    this.#introductions?.close();
    this.#gossipWire?.close();
  }

  /** The number of a node that has not said it. */
  numberOf(address: number): number {
    const omdiscd = this.#options.discovery === "omdiscd";
    return (omdiscd ? omdiscdNode(address) : nodeAtAddress(this.identity.map, address)) ?? 0;
  }

  #tick(): void {
    const now = performance.now();
    this.#load = this.#options.meter(this.#options.state().speed / STANDARD_SPEED);
    this.gossip.own = this.#ownFacts();
    const isQuiet = this.#options.state().settings.has("quiet");
    for (const outgoing of this.gossip.tick(now, { speaks: !isQuiet })) this.#post(outgoing);
    if (this.#options.discovery === "static" && !isQuiet) this.#tryAnyone(now);
    this.#options.changed();
  }

  /** Without multicast, those of the map that are not known are tried one by one. */
  #tryAnyone(now: number): void {
    const { address: own, map } = this.identity;
    for (const address of this.#sweep.next(map, { own, alive: this.gossip.alive })) {
      const isKnown = address === own || this.gossip.table.find(address) !== undefined;
      if (!isKnown) this.#post(this.gossip.ask(address, now));
    }
  }

  #ownFacts() {
    const state = this.#options.state();
    const { id, mac } = this.identity;
    const status = statusBits(state, id !== 0);
    return { ...this.#load, id, mac, status, speed: state.speed, version: RELEASE };
  }

  #announce(type: DiscoveryType): void {
    const addresses = [this.identity.address, ...this.identity.aliases];
    const sent = { ...this.#origin(), sequence: this.gossip.nextBeat() };
    this.#discovery?.send(this.#datagrams.writeDiscovery({ type, addresses }, sent));
    if (type === "join")
      this.#introductions?.send(this.#datagrams.writeGossip(this.gossip.introduce(), this.#origin()));
  }

  #origin() {
    return { sender: this.identity.address, incarnation: this.gossip.incarnation };
  }

  /** Takes in what came on the socket of discovery. */
  hearDiscovery(bytes: Uint8Array, from: number): void {
    const packet = this.#datagrams.readDiscovery(bytes, from);
    const [address = 0, ...aliases] = packet?.addresses ?? [];
    if (packet === undefined || address === this.identity.address) return;
    if (packet.type === "leave") this.gossip.farewell(address, performance.now());
    else this.#greet(address, aliases);
    this.#beacon?.hear(packet);
    this.#options.changed();
  }

  #greet(address: number, aliases: readonly number[]): void {
    const now = performance.now();
    const isNews = this.gossip.discover(address, this.numberOf(address), now);
    if (this.gossip.table.find(address) === undefined) return;
    rememberAliases(this.aliases, { address, aliases, most: MOST_NODES });
    // Of many that hear of a newcomer some speak to it.
    const isOurs = Math.random() < GREETERS / this.gossip.alive;
    if (isNews && isOurs && this.#greetings.takes(now)) this.#post(this.gossip.ask(address, now));
  }

  /** A node whose clock went back begins an earlier life than its last: once it hears of that, it takes a later one. */
  #remind(address: number, { incarnation, sequence }: { incarnation: number; sequence: number }): void {
    const isOurs = Math.random() < GREETERS / this.gossip.alive;
    if (!isOurs || !this.#greetings.takes(performance.now())) return;
    this.#post(this.gossip.remind(address, { incarnation, beat: sequence }));
  }

  /**
   * Takes in what came on a socket of the gossip. A question to all at once is answered by nobody: were its sender
   * forged, all nodes would speak to one machine.
   */
  hearGossip(bytes: Uint8Array, from: number, { isToAll = false } = {}): void {
    const message = this.#datagrams.readGossip(bytes, from);
    if (message === undefined) return;
    const now = performance.now();
    const wantsAnswer = message.wantsAnswer && !isToAll;
    for (const outgoing of this.gossip.receive({ ...message, wantsAnswer }, now)) {
      if (this.#answers.takes(now)) this.#post(outgoing);
      else drop(this.#options.drops, "hasty");
    }
  }

  #post({ to, message }: Outgoing): void {
    this.#gossipWire?.send(this.#datagrams.writeGossip(message, this.#origin()), to);
  }
}
