/** This node's identity in its cluster, in step with its network: names, map and own number. */

import { createHostResolver } from "../../cluster/map/hosts.ts";
import { configureCommand, findMosixKernel } from "../../cluster/map/mosix-kernel.ts";
import { configureNode, entriesOf, removeOwnNode } from "../../cluster/map/node-map.ts";
import { chooseMap, numberOfAddress } from "../../cluster/map/own-map.ts";
import type { Span } from "../../cluster/map/prefix-map.ts";
import type { Discovery } from "../../cluster/view.ts";
import type { Lease } from "../../probes/dhcp/lease.ts";
import type { NetworkChange } from "../../probes/network/change.ts";
import type { NetworkProbe } from "../../probes/network.ts";
import type { NetworkOptions } from "../../probes/network-options/options.ts";
import { setHostname, writeHosts, writeResolvers } from "../../probes/system-names.ts";
import { TimeClient } from "../../probes/time/time-client.ts";
import { describeEnd } from "../../system/children.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import { type NameOptions, nodeName } from "./node-name.ts";

/** Interval between attempts while a file system is full. */
const RETRY_MILLISECONDS = 5_000;
/** Limit for setpe of MOSIX: changes of the network wait meanwhile. */
const SETPE_LIMIT_MILLISECONDS = 10_000;

export interface Identity {
  readonly node: number;
  /** The entries of the map, one a line, without comments. */
  readonly map: string;
}

/** The line that says that this machine is a node; the VM tests and `npm start` look for it. */
export function configuredLine(
  nic: string,
  lease: Pick<Lease, "address" | "prefix">,
  { node, map }: Identity,
): string {
  return `configured: node ${node}, ${lease.address}/${lease.prefix} on ${nic}, map ${map.replaceAll("\n", "; ")}`;
}

/** The part of the identity on the command line; absent parts come from the network. */
export interface IdentityOptions extends NameOptions {
  readonly map?: string;
  readonly discovery?: Discovery;
  readonly span?: Span;
  readonly network?: Pick<NetworkOptions, "nameservers">;
  readonly timeClient?: Pick<TimeClient, "update">;
}

export class NodeIdentity {
  readonly #machine: Machine;
  readonly #options: IdentityOptions;
  readonly #timeClient: Pick<TimeClient, "update">;
  #identity: Identity | undefined;
  #name: string | undefined;
  #problems: readonly string[] = [];
  #warnings: readonly string[] = [];
  #isInStep = false;
  #complaint: string | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #queue = Promise.resolve();

  constructor(machine: Machine, options: IdentityOptions) {
    this.#machine = machine;
    this.#options = options;
    this.#timeClient = options.timeClient ?? new TimeClient(machine);
  }

  /** Absent while this node is not configured. */
  current(): Identity | undefined {
    return this.#identity;
  }

  /** The name of this node, and before it is configured the name that it will have at an address; nothing for "clump". */
  nameAt(address: string | undefined): string | undefined {
    const { hostname } = this.#options;
    if (hostname !== undefined || this.#identity !== undefined) return hostname ?? this.#name;
    const node = address && numberOfAddress(address, this.#options);
    return node ? nodeName(this.#options, { node }) : undefined;
  }

  /** Reasons why this node is not configured, for the screen. */
  problems(): readonly string[] {
    return this.#problems;
  }

  warnings(): readonly string[] {
    return this.#warnings;
  }

  /**
   * Brings everything in step with a change of the network, one call after the other; without a change, only where
   * it is not in step yet. Never throws.
   */
  update(network: NetworkProbe, change?: NetworkChange): Promise<void> {
    this.#queue = this.#queue
      .then(() => (this.#isInStep && !concernsLeases(network, change) ? undefined : this.#apply(network)))
      .catch((error: unknown) => {
        this.#complain(`Cannot follow the network: ${reason(error)}, ignoring`);
        this.#retry(network, error);
      });
    return this.#queue;
  }

  /** What could not be written for want of space is written when there is some. */
  #retry(network: NetworkProbe, error: unknown): void {
    if (!failedWith(error, "ENOSPC")) return;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.update(network), RETRY_MILLISECONDS);
    this.#retryTimer.unref();
  }

  async #apply(network: NetworkProbe): Promise<void> {
    const nic = network.primaryNic();
    const leases = [nic, ...network.nics()].flatMap((each) => each?.lease ?? []);
    this.#isInStep = false;
    const { lease } = nic ?? {};
    // A map may have this node by its name, which is therefore written before the map gives the number.
    const node = lease && numberOfAddress(lease.address, { ...this.#options, prefix: lease.prefix });
    this.#writeName(lease, node);
    writeResolvers(this.#machine.root, leases, this.#options.network?.nameservers);
    // Not waited for: a time server that does not answer must not hold the map.
    const servers = [...new Set(leases.flatMap(({ ntp }) => ntp))];
    this.#timeClient.update(servers);
    if (nic === undefined || lease === undefined) this.#unconfigure();
    else await this.#configure(nic.link.name, lease, leases.slice(1));
    this.#isInStep = true;
    this.#complaint = undefined;
  }

  #writeName(lease: Lease | undefined, node: number | undefined): void {
    const { root } = this.#machine;
    this.#name = nodeName(this.#options, { leased: lease?.hostname, node });
    setHostname(root, this.#name);
    writeHosts(root, this.#name, lease?.address);
  }

  #unconfigure(): void {
    [this.#problems, this.#warnings] = [[], []];
    if (this.#identity === undefined) return;
    this.#identity = undefined;
    removeOwnNode(this.#machine.root);
    this.#machine.log.warn("not configured any more: this node has no address");
  }

  async #configure(nic: string, lease: Lease, others: readonly Lease[]): Promise<void> {
    const { root, log } = this.#machine;
    const before = this.#identity;
    [this.#identity, this.#problems, this.#warnings] = [undefined, [], []];
    try {
      const map = await this.#chooseMap(lease, others);
      this.#writeName(lease, map.node);
      configureNode(root, map);
      const identity = { node: map.node, map: entriesOf(map.text) };
      this.#identity = identity;
      if (map.warning !== undefined) this.#warn(map.warning);
      if (before?.node === identity.node && before.map === identity.map) return;
      log.info(configuredLine(nic, lease, identity));
      await this.#configureMosix(map.node);
    } catch (error) {
      removeOwnNode(root);
      this.#problems = [reason(error)];
      if (failedWith(error, "ENOSPC")) throw error;
      this.#writeName(lease, undefined);
      log.warn(`Cannot configure this node: ${reason(error)}, ignoring`);
    }
  }

  #chooseMap({ address, prefix }: Lease, others: readonly Lease[]): ReturnType<typeof chooseMap> {
    const { map, discovery, span } = this.#options;
    return chooseMap({
      ...{ address, prefix, discovery, span },
      aliases: others.map((other) => other.address).filter((other) => other !== address),
      given: map,
      resolve: createHostResolver(this.#machine.root),
    });
  }

  /** On a kernel of MOSIX, runs its own setpe with the map. */
  async #configureMosix(node: number): Promise<void> {
    const { root, children } = this.#machine;
    const mosix = findMosixKernel(root, process.execPath);
    const command = mosix && configureCommand(mosix, node);
    if (command === undefined) return;
    const child = children.spawn(command, { errors: "captured" });
    const timer = setTimeout(() => child.kill("SIGKILL"), SETPE_LIMIT_MILLISECONDS);
    const end = await child.ended;
    clearTimeout(timer);
    if (end.status !== 0)
      this.#warn(`Cannot configure MOSIX: setpe ended with ${describeEnd(end)}: ${await child.errors()}`);
  }

  /** Logs a repeated failure once. */
  #complain(line: string): void {
    if (line !== this.#complaint) this.#machine.log.error(line);
    this.#complaint = line;
  }

  #warn(warning: string): void {
    this.#warnings = [...this.#warnings, warning];
    this.#machine.log.warn(warning);
  }
}

/** Whether a change is one of the leases, or of the NIC that makes the node. */
function concernsLeases(network: NetworkProbe, change: NetworkChange | undefined): boolean {
  if (change?.kind === "lease" || change?.kind === "primary") return true;
  if (change?.kind !== "nic" || change.nic.lease === undefined) return false;
  // The lease of a NIC that is gone has ended with it.
  return network.nics().every(({ link }) => link.index !== change.nic.link.index);
}
