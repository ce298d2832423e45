/** What a node that boots others needs of PID 1: files, and a network of its own where there is no DHCP server. */

import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ownAddress, type Pool } from "../modes/serve/pool.ts";
import { SERVE_FILES, SERVE_FOLDER, TAKING } from "../modes/serve/serve-files.ts";
import { PLAIN_SERVE, type ServeRequest } from "../modes/serve/serve-request.ts";
import { CLUMPSERVE, TAKE_WORD } from "../modes/serve/serve-service.ts";
import type { Lease } from "../probes/dhcp/lease.ts";
import { matchesName } from "../probes/network/names.ts";
import type { Nic } from "../probes/network/nic.ts";
import type { NetworkProbe } from "../probes/network.ts";
import { describeEnd } from "../system/children.ts";
import { reason } from "../system/log.ts";
import type { Machine } from "../system/machine.ts";
import { ejectNow } from "./eject.ts";

/** A switch may hold a port that came up for 30 s (IEEE 802.1D): then the servers are asked once more. */
const FIRST_WAIT_SECONDS = 32;
/** Two nodes that were switched on together are not to decide together. */
const JITTER_SECONDS = 8;
const SECOND_WAIT_SECONDS = 8;
/** Where the addresses to give away were named, nobody expects a server. */
const SHORT_WAIT_SECONDS = 10;

const PREFIX = 24;

/** A CD has to come up to speed, and gives some megabytes a second. */
const TAKE_LIMIT_MILLISECONDS = 100_000;

/** A sentence for the screen where this node was not given what it is to give to others. */
export function findServeProblems(root: string, request: ServeRequest | undefined): readonly string[] {
  if (request === undefined || existsSync(join(root, SERVE_FOLDER, SERVE_FILES.kernel))) return [];
  return [
    "Cannot boot other nodes: serve.img was wanted behind initramfs.img; Serve in the menu of the CD loads both; clump start clumpserve takes it from a CD or USB stick",
  ];
}

/** Has those files taken from a CD or a USB stick where this node was not given them. @throws Error with a sentence */
export async function fetchServeFiles(
  machine: Machine,
  gives: { readonly backTheCd: boolean },
): Promise<void> {
  const { root, children } = machine;
  if (findServeProblems(root, PLAIN_SERVE).length === 0) return;
  const child = children.spawn([CLUMPSERVE, TAKE_WORD], { errors: "captured" });
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(late.resolve, TAKE_LIMIT_MILLISECONDS, "late");
  const end = await Promise.race([child.ended, late.promise]);
  clearTimeout(timer);
  if (end === "late") {
    // It is not waited for: what hangs in a driver dies of no signal.
    child.kill("SIGKILL");
    clearAway(machine);
    throw new Error(
      `Cannot boot other nodes: serve.img did not come from a CD or USB stick within ${TAKE_LIMIT_MILLISECONDS / 1_000} s`,
    );
  }
  if (end.status === 0) return gives.backTheCd ? await ejectNow(machine) : undefined;
  const said = (await child.errors()).trim();
  throw new Error(said || `Cannot boot other nodes: clumpserve ended with ${describeEnd(end)}`);
}

/** What one that was killed leaves: a medium that nobody can take out, and memory. */
function clearAway({ kernel, root, log }: Machine): void {
  const acts = [
    () => kernel.unmount(root + TAKING.medium, { lazy: true }),
    () => rmSync(root + TAKING.folder, { recursive: true, force: true }),
  ];
  for (const act of acts) {
    try {
      act();
    } catch (error) {
      log.debug(`after clumpserve was killed: ${reason(error)}, ignoring`);
    }
  }
}

export interface OwnNetwork {
  /** Looks at the network after a change of it. Never throws. */
  follow(probe: NetworkProbe): void;
}

export interface OwnNetworkOptions {
  /** Names of the preferred primary NICs, the most preferred first. */
  readonly preferred: readonly string[];
  readonly sleep: (seconds: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Once no server has answered for so long, since the last cable came, an interface gets the address of a server: once
 * at most, and never where there has been a lease, for then a server is there or was.
 */
export function createOwnNetwork(
  { log }: Pick<Machine, "log">,
  { pool, isAsked }: ServeRequest,
  { preferred, sleep, random }: OwnNetworkOptions,
): OwnNetwork {
  let latest: NetworkProbe | undefined;
  /** Interfaces by name that have a cable and wait for an answer, the one to be taken first. */
  let asking: readonly string[] = [];
  let isDecided = false;
  let waits = 0;

  async function wait(): Promise<void> {
    waits += 1;
    const own = waits;
    const isOver = (): boolean => own !== waits || asking.length === 0;
    await sleep(isAsked ? SHORT_WAIT_SECONDS : FIRST_WAIT_SECONDS + random() * JITTER_SECONDS);
    if (isOver()) return;
    if (!isAsked) {
      for (const name of asking) latest?.configure(name, { kind: "dhcp" });
      await sleep(SECOND_WAIT_SECONDS);
      if (isOver()) return;
    }
    const [name = ""] = asking;
    const lease = ownLease(pool);
    log.warn(
      `no DHCP server answered on ${name}: this node takes ${lease.address} and gives away ${pool.join(" to ")}`,
    );
    latest?.configure(name, { kind: "static", lease });
  }

  function namesOfAsking(nics: readonly Nic[]): string[] {
    const weight = ({ names }: Nic): number => {
      const at = preferred.findIndex((name) => matchesName(name, names));
      return at === -1 ? preferred.length : at;
    };
    const inOrder = nics.filter(isAsking).toSorted((a, b) => weight(a) - weight(b));
    return inOrder.map(({ link }) => link.name);
  }

  return {
    follow(probe) {
      latest = probe;
      isDecided ||= probe.nics().some(({ lease }) => lease !== undefined);
      const before = asking;
      asking = isDecided ? [] : namesOfAsking(probe.nics());
      if (asking.every((name) => before.includes(name))) return;
      wait().catch((error: unknown) => log.warn(`Cannot make a network: ${reason(error)}, ignoring`));
    },
  };
}

/** Not of one that is part of a bond, carries VLANs or is turned off; no PC boots from the BMC of a server. */
function isAsking({ link, idle, bus }: Nic): boolean {
  return link.carrier && idle === undefined && bus !== "of the BMC";
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
