/** What a node that boots others needs of PID 1: files, and a network of its own where there is no DHCP server. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { ownAddress, type Pool } from "../modes/serve/pool.ts";
import { SERVE_FILES, SERVE_FOLDER } from "../modes/serve/serve-files.ts";
import type { ServeRequest } from "../modes/serve/serve-request.ts";
import type { Lease } from "../probes/dhcp/lease.ts";
import type { NetworkProbe } from "../probes/network.ts";
import type { Machine } from "./machine/machine.ts";

/** A switch may hold a port that came up for 30 s (IEEE 802.1D): then the servers are asked once more. */
const FIRST_WAIT_SECONDS = 32;
/** Two nodes that were switched on together are not to decide together. */
const JITTER_SECONDS = 8;
const SECOND_WAIT_SECONDS = 8;
/** Where the addresses to give away were named, nobody expects a server. */
const SHORT_WAIT_SECONDS = 10;

const PREFIX = 24;

/** A sentence for the screen where this node was not given what it is to give to others. */
export function findServeProblems(root: string, request: ServeRequest | undefined): readonly string[] {
  if (request === undefined || existsSync(join(root, SERVE_FOLDER, SERVE_FILES.kernel))) return [];
  return [
    "Cannot boot other nodes: serve.img was wanted behind initramfs.img; Serve in the menu of the CD loads both",
  ];
}

export interface OwnNetwork {
  /** Looks at the network after a change of it. Never throws. */
  follow(probe: NetworkProbe): void;
}

export interface Patience {
  readonly sleep: (seconds: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Once no server has answered for so long, an interface with a cable gets the address of a server; once at most. */
export function createOwnNetwork(
  { log }: Pick<Machine, "log">,
  { pool, isAsked }: ServeRequest,
  { sleep, random }: Patience,
): OwnNetwork {
  let isDue = false;
  let latest: NetworkProbe | undefined;

  /** Interfaces that have a cable, as long as none has an address. */
  function waiting(): readonly string[] {
    if (latest === undefined || latest.clusterNic() !== undefined) return [];
    return latest.nics().flatMap(({ link }) => (link.carrier ? [link.name] : []));
  }

  function look(): void {
    const [name] = waiting();
    if (!isDue || name === undefined) return;
    isDue = false;
    const lease = ownLease(pool);
    log.warn(
      `no DHCP server answered on ${name}: this node takes ${lease.address} and gives away ${pool.join(" to ")}`,
    );
    latest?.configure(name, { kind: "static", lease });
  }

  async function wait(): Promise<void> {
    await sleep(isAsked ? SHORT_WAIT_SECONDS : FIRST_WAIT_SECONDS + random() * JITTER_SECONDS);
    if (!isAsked) {
      for (const name of waiting()) latest?.configure(name, { kind: "dhcp" });
      await sleep(SECOND_WAIT_SECONDS);
    }
    isDue = true;
    look();
  }

  void wait();
  return {
    follow(probe) {
      latest = probe;
      look();
    },
  };
}

function ownLease(pool: Pool): Lease {
  const address = ownAddress(pool)!;
  return {
    address,
    prefix: PREFIX,
    server: address,
    routes: [],
    dns: [],
    ntp: [],
    seconds: Number.POSITIVE_INFINITY,
    renewAfter: Number.POSITIVE_INFINITY,
    rebindAfter: Number.POSITIVE_INFINITY,
  };
}
