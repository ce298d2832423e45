/** This node's identity in its cluster, in step with its network: names, map and own number. */

import { createHostResolver } from "../../cluster/map/hosts.ts";
import { configureCommand, findMosixKernel } from "../../cluster/map/mosix-kernel.ts";
import { configureNode, removeOwnNode } from "../../cluster/map/node-map.ts";
import { chooseMap } from "../../cluster/map/own-map.ts";
import type { Span } from "../../cluster/map/prefix-map.ts";
import type { Discovery } from "../../cluster/view.ts";
import { createClockSetter } from "../../probes/clock-setter.ts";
import type { Lease } from "../../probes/dhcp/lease.ts";
import type { NetworkProbe } from "../../probes/network.ts";
import type { NetworkOptions } from "../../probes/network-options/options.ts";
import { setHostname, writeHosts, writeResolvers } from "../../probes/system-names.ts";
import { describeEnd } from "../../system/children.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";

/** What a node is called while nobody has named it. */
const DEFAULT_HOSTNAME = "clump";
/** The network is not followed meanwhile. */
const SETPE_LIMIT_MILLISECONDS = 10_000;

export interface Identity {
  readonly node: number;
  /** The entries of the map, one a line, without comments. */
  readonly map: string;
}

export interface NodeIdentity {
  /** Absent while this node is not configured. */
  current(): Identity | undefined;
  /** What keeps it from being configured, for the screen. */
  problems(): readonly string[];
  warnings(): readonly string[];
  /** Brings everything in step with the network, one call after the other; never throws. */
  update(network: NetworkProbe): Promise<void>;
}

/** The line that says that this machine is a node; the VM tests and `npm start` look for it. */
export function configuredLine(
  nic: string,
  lease: Pick<Lease, "address" | "prefix">,
  { node, map }: Identity,
): string {
  return `configured: node ${node}, ${lease.address}/${lease.prefix} on ${nic}, map ${map.replaceAll("\n", "; ")}`;
}

export function createNodeIdentity(
  machine: Machine,
  given: {
    readonly hostname?: string;
    readonly map?: string;
    readonly discovery?: Discovery;
    readonly span?: Span;
    readonly network?: Pick<NetworkOptions, "nameservers">;
  },
): NodeIdentity {
  const { root, log } = machine;
  let identity: Identity | undefined;
  let problems: readonly string[] = [];
  let warnings: readonly string[] = [];
  let followed = "";
  let queue = Promise.resolve();
  const clock = createClockSetter(machine);

  async function apply(network: NetworkProbe): Promise<void> {
    const nic = network.primaryNic();
    const leases = [nic, ...network.nics()].flatMap((each) => each?.lease ?? []);
    const seen = JSON.stringify([nic?.link.name, leases]);
    if (seen === followed) return;
    const hostname = given.hostname ?? nic?.lease?.hostname ?? DEFAULT_HOSTNAME;
    setHostname(root, hostname);
    writeHosts(root, hostname, nic?.lease?.address);
    writeResolvers(root, leases, given.network?.nameservers);
    // Not waited for: a time server that does not answer must not hold the map.
    const servers = [...new Set(leases.flatMap(({ ntp }) => ntp))];
    clock
      .follow(servers)
      .catch((error: unknown) => log.warn(`Cannot set the clock: ${reason(error)}, ignoring`));
    if (nic?.lease === undefined) unconfigure();
    else await configure(nic.link.name, nic.lease, leases.slice(1));
    followed = seen;
  }

  function unconfigure(): void {
    [problems, warnings] = [[], []];
    if (identity === undefined) return;
    identity = undefined;
    removeOwnNode(root);
    log.warn("not configured any more: this node has no address");
  }

  async function configure(nic: string, lease: Lease, others: readonly Lease[]): Promise<void> {
    const { address, prefix } = lease;
    const before = identity;
    [identity, problems, warnings] = [undefined, [], []];
    try {
      const map = await chooseMap({
        address,
        prefix,
        aliases: others.map((other) => other.address).filter((other) => other !== address),
        given: given.map,
        resolve: createHostResolver(root),
        discovery: given.discovery,
        span: given.span,
      });
      configureNode(root, map);
      identity = { node: map.node, map: entriesOf(map.text) };
      if (map.warning !== undefined) warn(map.warning);
      if (before?.node === identity.node && before.map === identity.map) return;
      log.info(configuredLine(nic, lease, identity));
      await configureMosix(map.node);
    } catch (error) {
      removeOwnNode(root);
      problems = [reason(error)];
      log.warn(`Cannot configure this node: ${reason(error)}, ignoring`);
    }
  }

  /** Where a MOSIX kernel answers, its own setpe tells it the map. */
  async function configureMosix(node: number): Promise<void> {
    const mosix = findMosixKernel(root, process.execPath);
    const command = mosix && configureCommand(mosix, node);
    if (command === undefined) return;
    const child = machine.children.spawn(command, { errors: "captured" });
    const timer = setTimeout(() => child.kill("SIGKILL"), SETPE_LIMIT_MILLISECONDS);
    const end = await child.ended;
    clearTimeout(timer);
    if (end.status !== 0)
      warn(`Cannot configure MOSIX: setpe ended with ${describeEnd(end)}: ${await child.errors()}`);
  }

  function warn(warning: string): void {
    warnings = [...warnings, warning];
    log.warn(warning);
  }

  return {
    current: () => identity,
    problems: () => problems,
    warnings: () => warnings,
    update(network) {
      queue = queue
        .then(() => apply(network))
        .catch((error: unknown) => log.error(`Cannot follow the network: ${reason(error)}, ignoring`));
      return queue;
    },
  };
}

function entriesOf(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.join("\n");
}
