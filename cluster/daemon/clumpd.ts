/** The daemon clumpd: keeps this node in its cluster, and tells the others of this machine what it sees. */

import { mkdirSync, watch, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { type Log, reason } from "../../system/log.ts";
import { RateLimitedLog } from "../../system/rate-limited-log.ts";
import { RUN_FOLDER } from "../../system/state/paths.ts";
import { uptime } from "../../system/uptime.ts";
import type { Balancer } from "../balance/balancer.ts";
import { MOST_NODES } from "../gossip/table.ts";
import { formatMap } from "../map/map.ts";
import { configureNode } from "../map/node-map.ts";
import { growMap } from "../map/omdiscd-map.ts";
import { noDrops } from "../security/datagram-seal.ts";
import { findKey } from "../security/key.ts";
import { type ClusterView, readView, writeView } from "../view.ts";
import { writePause } from "../view-age.ts";
import type { ClumpdOptions } from "./clumpd-options.ts";
import { type ControlServer, startControlServer } from "./control-server.ts";
import { describeChanges, findProblems, gatherNodes } from "./gather-view.ts";
import { MachineOrders } from "./machine-orders.ts";
import { type OwnIdentity, readOwnIdentity } from "./own-identity.ts";
import { createLoadMeter } from "./own-load.ts";
import { findOwnSpeed } from "./own-speed.ts";
import { type OwnState, stateFromView, withGuests } from "./own-state.ts";
import { Session } from "./session.ts";

/** What tells of this node's identity: PID 1's report and the number that setpe sets. */
const PLACE_FILES = ["status.json", "node"];
/** How often the identity is looked at where the kernel has no watches left. */
const LOOK_MILLISECONDS = 5_000;
/** Until another try to take part, where one has failed. */
const RETRY_MILLISECONDS = 5_000;
/** How many neighbours the kernel may know, 1024 unless it is told; arp(7). */
const NEIGHBOURS_PATH = "/proc/sys/net/ipv4/neigh/default/gc_thresh3";
/** Above that of the jobs of the cluster, or a busy node would be taken for a dead one. */
const PRIORITY = -10;
/** The last process but process 1 to go where memory is short, or other nodes would take this one for dead; proc(5). */
const OOM_SCORE = "-900";

/** One clumpd; it takes part from `start()` until `stop()`. */
export class Daemon {
  readonly #root: string;
  readonly #log: Log;
  /** For what other nodes, or strangers, can cause. */
  readonly #limitedLog: Log;
  readonly #options: ClumpdOptions;
  readonly #key;
  readonly #drops = noDrops();
  readonly #meter;
  readonly #orders;
  readonly #balancer;
  #state;
  #session: Session | undefined;
  #view: ClusterView | undefined;
  #written = "";
  #writtenAt = Number.NEGATIVE_INFINITY;
  #writer: NodeJS.Timeout | undefined;
  readonly #stopping = new AbortController();
  #retryTimer: NodeJS.Timeout | undefined;
  #stopWatching = () => {};
  #control: ControlServer | undefined;
  #queue = Promise.resolve();

  constructor(options: ClumpdOptions, log: Log, balancer?: Pick<Balancer, "look">) {
    const { root } = options;
    this.#root = root;
    this.#log = log;
    this.#limitedLog = new RateLimitedLog(log);
    this.#options = options;
    this.#key = findKey(root);
    this.#orders = new MachineOrders({ root, log, identity: () => this.#session?.identity });
    this.#balancer = balancer;
    this.#meter = createLoadMeter(root);
    const before = readView(root);
    this.#state = withGuests(stateFromView(before, options.topology), options.guests);
    this.#orders.hardware.remember(before?.nodes ?? []);
  }

  async start(): Promise<void> {
    const folder = this.#root + RUN_FOLDER;
    mkdirSync(folder, { recursive: true });
    if (this.#root === "") this.#takePrecedence();
    this.#log.info(this.#key ? "the cluster has a key" : "open cluster: there is no clump.key=");
    this.#watch(folder);
    const own = { state: () => this.#state, setState: (state: OwnState) => this.#setState(state) };
    void findOwnSpeed({ root: this.#root, log: this.#log, ...own, signal: this.#stopping.signal });
    this.#control = await startControlServer({
      root: this.#root,
      tcp: this.#options.control,
      key: this.#key,
      log: this.#log,
      context: {
        nodes: () => this.#gather().nodes,
        map: () => this.#session?.identity.map ?? [],
        view: () => this.#gather(),
        ...own,
        orders: this.#orders,
      },
    });
    await this.#reconcile();
  }

  #setState(state: OwnState): void {
    this.#state = state;
    this.#session?.refresh();
  }

  #takePrecedence(): void {
    try {
      setPriority(PRIORITY);
      writeFileSync("/proc/self/oom_score_adj", OOM_SCORE);
      writeFileSync(NEIGHBOURS_PATH, `${MOST_NODES}\n`);
    } catch (error) {
      this.#log.warn(`Cannot prepare for a large cluster: ${reason(error)}, ignoring`);
    }
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name === null || PLACE_FILES.includes(name)) void this.#reconcile();
      });
      this.#stopWatching = () => watcher.close();
    } catch (error) {
      this.#log.warn(`Cannot watch ${folder}: ${reason(error)}, looking now and then`);
      const timer = setInterval(() => void this.#reconcile(), LOOK_MILLISECONDS);
      this.#stopWatching = () => clearInterval(timer);
    }
  }

  async stop(): Promise<void> {
    this.#stopWatching();
    clearTimeout(this.#writer);
    this.#stopping.abort();
    clearTimeout(this.#retryTimer);
    await this.#queue;
    // What is left behind must not look as if it went on.
    if (this.#view) this.#writeView({ ...this.#gather(), stoppedUptime: uptime() });
    this.#session?.leave();
    this.#control?.close();
  }

  /** Comes into step with this node's identity, one change after the other. */
  #reconcile(): Promise<void> {
    this.#queue = this.#queue
      .then(async () => this.#settle(await readOwnIdentity(this.#root)))
      .catch((error: unknown) => this.#retry(error));
    return this.#queue;
  }

  #retry(error: unknown): void {
    this.#log.warn(`Cannot take part in the cluster: ${reason(error)}, trying again`);
    this.#session?.close();
    this.#session = undefined;
    // Changes of the identity meanwhile try too, and one of those that fail is enough to try again.
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.#reconcile(), RETRY_MILLISECONDS).unref();
  }

  async #settle(identity: OwnIdentity | undefined): Promise<void> {
    if (identity?.address !== this.#session?.identity.address) {
      this.#session?.leave();
      this.#session = undefined;
    }
    if (identity === undefined) return this.#changed();
    if (this.#session) {
      this.#session.identity = identity;
      this.#session.refresh();
    } else await this.#open(identity);
    // The address of the control port may be that of another NIC, which comes when it comes.
    await this.#control?.retry();
  }

  async #open(identity: OwnIdentity): Promise<void> {
    this.#session = new Session({
      identity,
      key: this.#key,
      discovery: this.#options.discovery,
      drops: this.#drops,
      state: () => this.#state,
      meter: this.#meter,
      changed: () => this.#changed(),
    });
    await this.#session.open();
  }

  /** Writes the view, but not too soon after the last time; changes until then are one. */
  #changed(): void {
    const pause = writePause(this.#session?.gossip.table.size ?? 0);
    const delay = Math.max(0, this.#writtenAt + pause - performance.now());
    this.#writer ??= setTimeout(() => {
      this.#writer = undefined;
      this.#write();
    }, delay);
  }

  #write(): void {
    this.#writtenAt = performance.now();
    const view = this.#gather();
    for (const line of describeChanges(this.#view?.nodes ?? [], view.nodes)) this.#limitedLog.info(line);
    for (const line of view.problems) if (!this.#view?.problems.includes(line)) this.#limitedLog.warn(line);
    this.#view = view;
    this.#orders.hardware.remember(view.nodes);
    this.#writeView(view);
    void this.#balancer?.look(view.nodes);
  }

  #writeView(view: ClusterView): void {
    try {
      const text = JSON.stringify(view);
      if (text !== this.#written) writeView(this.#root, text);
      this.#written = text;
      this.#growMap();
    } catch (error) {
      this.#log.warn(`Cannot write the view of the cluster: ${reason(error)}, ignoring`);
    }
  }

  #gather(): ClusterView {
    const session = this.#session;
    const now = uptime();
    const uptimeOf = (age: number) => Math.round((now - age / 1000) * 10) / 10;
    const nodes = session
      ? gatherNodes(session.gossip, { aliases: session.aliases, uptimeOf, now: performance.now() })
      : [];
    return {
      isOpen: this.#key === undefined,
      discovery: this.#options.discovery,
      nodes,
      problems: findProblems(nodes, session?.identity.map ?? []),
      isSpeedKnown: this.#state.isSpeedKnown,
      drops: this.#drops,
    };
  }

  /** The map of omdiscd holds whom it has met; ours is the same, and setpe shows it. */
  #growMap(): void {
    const session = this.#session;
    if (session === undefined || this.#options.discovery !== "omdiscd" || session.identity.id === 0) return;
    const { table } = session.gossip;
    const others = Array.from({ length: table.size }, (_, slot) => slot)
      .filter((slot) => table.condition(slot) !== "left")
      .map((slot) => table.address(slot));
    const text = formatMap(growMap([session.identity.address, ...others]));
    if (text === formatMap(session.identity.map)) return;
    configureNode(this.#root, { text, node: session.identity.id });
  }
}
