/** Publishes what process 1 knows of this node: gathers it and writes it to the status file. */

import { hostname } from "node:os";
import { describeServing, type ServeRequest } from "../../modes/serve/serve-request.ts";
import type { Drivers } from "../../probes/drivers.ts";
import type { Nic } from "../../probes/network/nic.ts";
import type { NetworkProbe } from "../../probes/network.ts";
import { formatMac } from "../../system/address/mac.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import {
  type LeaseStatus,
  type NicStatus,
  type NodeStatus,
  type SlurmStatus,
  type WebStatus,
  writeStatus,
} from "../../system/state/node-status.ts";
import { uptime } from "../../system/uptime.ts";
import type { NodeIdentity } from "./node-identity.ts";

/** Sources of the status; the boot adds sources as it proceeds. */
export interface StatusSources {
  readonly version: string;
  /** Title of the mode. */
  readonly mode: string;
  readonly identity?: Pick<NodeIdentity, "current" | "problems" | "warnings">;
  readonly drivers?: Drivers | undefined;
  readonly network?: NetworkProbe;
  readonly space?: { problems(): readonly string[] };
  readonly slurm?: { problems(): readonly string[]; current(): SlurmStatus | undefined } | undefined;
  readonly web?: WebStatus;
  readonly serve?: ServeRequest | undefined;
  /** Warnings for the screen about neither drivers nor map. */
  readonly warnings: readonly string[];
  readonly danger?: string | undefined;
}

/** Interval between attempts while the file system is full. */
const RETRY_MILLISECONDS = 5_000;

export class StatusPublisher {
  readonly #machine: Pick<Machine, "root" | "log">;
  #sources: StatusSources;
  #isStale = false;
  #hasFailed = false;
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(machine: Pick<Machine, "root" | "log">, sources: StatusSources) {
    this.#machine = machine;
    this.#sources = sources;
  }

  /** Adds or replaces sources, and publishes the status. */
  show(sources: Partial<StatusSources>): void {
    this.#sources = { ...this.#sources, ...sources };
    this.refresh();
  }

  /** Publishes the present state of the sources; calls within one turn of the event loop count as one. */
  refresh(): void {
    if (!this.#isStale) setImmediate(() => this.#write());
    this.#isStale = true;
  }

  #write(): void {
    const { root, log } = this.#machine;
    this.#isStale = false;
    try {
      writeStatus(root, gatherStatus(this.#sources));
      this.#hasFailed = false;
    } catch (error) {
      // The log has the first failure only; the attempts go on until there is space.
      if (!this.#hasFailed) log.warn(`Cannot write the status: ${reason(error)}, trying again`);
      this.#hasFailed = true;
      clearTimeout(this.#retryTimer);
      this.#retryTimer = setTimeout(() => this.refresh(), RETRY_MILLISECONDS).unref();
    }
  }
}

/** The status made of these sources. */
export function gatherStatus({
  version,
  mode,
  identity,
  drivers,
  network,
  space,
  slurm,
  web,
  serve,
  warnings,
  danger,
}: StatusSources): NodeStatus {
  const nic = network?.primaryNic();
  const own = identity?.current();
  const choice = network?.choice();
  const inSlurm = slurm?.current();
  return {
    version,
    hostname: hostname(),
    mode,
    ...(own && { node: own.node, map: own.map }),
    ...(nic?.lease && { address: nic.lease.address, prefix: nic.lease.prefix, nic: nic.link.name }),
    ...(choice && { choice }),
    ...leaseStatus(nic),
    ...(web && { web }),
    ...(inSlurm && { slurm: inSlurm }),
    ...(serve && nic?.lease && { serves: describeServing(serve, nic.lease.address) }),
    nics: network?.nics().map(nicStatus) ?? [],
    problems: [space, identity, network, drivers, slurm].flatMap((source) => source?.problems() ?? []),
    warnings: [...warnings, ...(identity?.warnings() ?? [])],
    ...(danger && { danger }),
  };
}

function nicStatus({ link, device, text, hint, since }: Nic): NicStatus {
  const mac = formatMac(link.address);
  return {
    name: link.name,
    mac,
    device,
    carrier: link.carrier,
    dhcp: text,
    ...(hint && { hint }),
    sinceUptime: since,
  };
}

function leaseStatus(nic: Nic | undefined): { readonly lease?: LeaseStatus } {
  if (nic?.lease === undefined) return {};
  const { server, seconds } = nic.lease;
  const obtainedUptime = nic.leasedAt ?? uptime();
  return {
    lease: { server, obtainedUptime, seconds: Number.isFinite(seconds) ? seconds : null, state: nic.state },
  };
}
