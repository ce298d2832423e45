/** What process 1 keeps in step with the network of this node: its identity, its status, its report, a fallback address. */

import { findKey } from "../../cluster/security/key.ts";
import { ownAddress } from "../../modes/serve/pool.ts";
import type { ServeRequest } from "../../modes/serve/serve-request.ts";
import packageJson from "../../package.json";
import type { Drivers } from "../../probes/drivers.ts";
import type { NetworkChange } from "../../probes/network/change.ts";
import { FallbackAddress } from "../../probes/network/fallback-address.ts";
import type { NetworkProbe } from "../../probes/network.ts";
import type { Machine } from "../../system/machine.ts";
import type { BootOptions } from "../options/boot-options.ts";
import { SIZED_FILE_SYSTEMS } from "../steps/mounts.ts";
import { findServeProblems } from "../steps/serve-files.ts";
import { FullFileSystems } from "./full-file-systems.ts";
import { NodeIdentity } from "./node-identity.ts";
import { StatusPublisher } from "./publish-status.ts";
import { ReportSender } from "./report-sender.ts";
import { SlurmState } from "./slurm-state.ts";

interface NodeParts {
  readonly identity: NodeIdentity;
  readonly status: StatusPublisher;
  readonly report: ReportSender | undefined;
  readonly fallback: FallbackAddress | undefined;
}

export class Node {
  readonly status: StatusPublisher;
  /** How this node boots other PCs from the start; absent where it was not given their files. */
  readonly serve: ServeRequest | undefined;
  readonly #complaints: readonly string[];
  readonly #parts: NodeParts;
  #network: NetworkProbe | undefined;

  constructor(options: BootOptions, serve: ServeRequest | undefined, parts: NodeParts) {
    this.status = parts.status;
    this.serve = serve;
    this.#complaints = options.complaints;
    this.#parts = parts;
  }

  /** Absent where this node has no network, or none yet. */
  get network(): NetworkProbe | undefined {
    return this.#network;
  }

  /** Takes the network that makes this machine a node. */
  join(network: NetworkProbe): void {
    this.#network = network;
    this.status.show({ network });
  }

  /** The name that this node has, or will have at an address. */
  nameAt(address: string | undefined): string | undefined {
    return this.#parts.identity.nameAt(address);
  }

  /** Comes into step with a change of the network; without a change, unless it is in step. Never throws. */
  async update(network: NetworkProbe | undefined, change?: NetworkChange): Promise<void> {
    if (network === undefined) return;
    const { identity, status, report, fallback } = this.#parts;
    fallback?.update(network);
    await identity.update(network, change);
    status.refresh();
    if (identity.current() !== undefined) report?.nodeIsConfigured();
  }

  /** Shows that this node boots other PCs; nothing for one that does not any more. */
  showServing(request: ServeRequest | undefined): void {
    // Files that were missing at first have come from a medium.
    this.status.show({ serve: request, ...(request && { warnings: this.#complaints }) });
  }

  /** Sends the report with all devices in it, also those whose driver comes after the address. */
  bootIsOver(drivers: Drivers | undefined): void {
    const { report } = this.#parts;
    // A driver that failed has been logged.
    if (report) void Promise.allSettled([drivers?.settled("everything")]).then(() => report.bootIsOver());
  }
}

/** Wires the parts of a node, and names in the log what of its options cannot be used. */
export function createNode(
  machine: Machine,
  options: BootOptions,
  { mode, signal }: { readonly mode: string; readonly signal: AbortSignal },
): Node {
  const { root, log } = machine;
  const serveProblems = findServeProblems(root, options.serve);
  const warnings = [...options.complaints, ...serveProblems];
  const danger = findDanger(root, options);
  for (const warning of [...warnings, ...(danger === undefined ? [] : [danger])]) log.warn(warning);
  const serve = serveProblems.length === 0 ? options.serve : undefined;
  const identity = new NodeIdentity(machine, options);
  const space = new FullFileSystems({
    ...{ paths: SIZED_FILE_SYSTEMS, root, log },
    changed: () => status.refresh(),
  });
  const slurm =
    options.slurm && new SlurmState({ root, request: options.slurm, log, changed: () => status.refresh() });
  const { version } = packageJson;
  const status = new StatusPublisher(machine, { version, mode, identity, space, slurm, warnings, danger });
  space.watch(signal);
  slurm?.watch(signal);
  return new Node(options, serve, {
    ...{ identity, status },
    report: options.report && new ReportSender(machine, { target: options.report, signal }),
    fallback: serve && createFallback(machine, options, serve),
  });
}

function createFallback(
  { log }: Pick<Machine, "log">,
  { preferredNics }: BootOptions,
  { pool, isAsked }: ServeRequest,
): FallbackAddress {
  return new FallbackAddress({
    // A pool that leaves no address to its node is refused with the command line.
    address: ownAddress(pool)!,
    pool: pool.join(" to "),
    expectsServer: !isAsked,
    preferred: preferredNics.map(({ name }) => name),
    log,
    sleep: (seconds) => Bun.sleep(seconds * 1_000),
    random: Math.random,
  });
}

/** What clump.moves=open does to an open cluster is on the screen of each of its nodes. */
function findDanger(root: string, { moves, key }: Pick<BootOptions, "moves" | "key">): string | undefined {
  const isOpen = moves === "open" && key === undefined && findKey(root) === undefined;
  return isOpen ? "strangers' programs run here: the cluster has no key, and clump.moves=open" : undefined;
}
