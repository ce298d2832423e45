/** A boot server: dnsmasq, HTTP, and the menus that go with a file of nodes. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import type { NodeOptions } from "../pxe/nodes.ts";
import { optionsOf } from "../pxe/nodes.ts";
import { dnsmasqCommand } from "./dnsmasq.ts";
import { serveFiles } from "./files.ts";
import type { ServeOptions } from "./options.ts";
import { findPlace } from "./place.ts";
import { callRoll, formatNode, type Roll } from "./roll.ts";
import { findNeighbour, readLogLine, type Sighting } from "./sightings.ts";

export interface BootServer {
  /** Resolves with the reason when the server ended without being asked to. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

export interface BootServerInputs {
  readonly options: ServeOptions;
  /** The folder of the files, finished. */
  readonly folder: string;
  /** What each node boots with, for the list. */
  readonly nodes: () => NodeOptions;
  /** Hears one line for every step of a node. */
  readonly report: (line: string) => void;
}

const LAST_WORDS = 5;
/** What dnsmasq says when its sockets are open. */
const STARTED = /\bdnsmasq\[\d+\]: started/;

/** Where the folder is served by HTTP. */
export function httpBase({ interface: name, httpPort }: ServeOptions): string {
  const { address } = findPlace(name, networkInterfaces());
  return `http://${address}${httpPort === 80 ? "" : `:${httpPort}`}`;
}

/** Starts both servers, and returns when they answer. @throws Error where one cannot */
export async function startBootServer(inputs: BootServerInputs): Promise<BootServer> {
  const { options, folder, nodes, report } = inputs;
  const place = findPlace(options.interface, networkInterfaces());
  let roll: Roll = new Map();

  function see(sighting: Sighting | undefined): void {
    if (sighting === undefined) return;
    const before = roll;
    roll = callRoll(roll, sighting, new Date(), (ip) =>
      findNeighbour(readFileSync("/proc/net/arp", "utf8"), ip),
    );
    const changed = [...roll.values()].find((node) => before.get(node.mac) !== node);
    if (changed) report(formatNode(changed, optionsOf(nodes(), changed.mac)));
  }

  const files = serveFiles({
    address: place.address,
    port: options.httpPort,
    folder,
    asked: (ip, path) => see({ kind: "file", ip, path }),
  });
  const state = mkdtempSync(join(tmpdir(), "clump-serve-"));
  const wanted = { options, place, folder, http: httpBase(options), leaseFile: join(state, "leases") };
  // It ends when we do, however we go (prctl(2), PR_SET_PDEATHSIG).
  const dnsmasq = Bun.spawn(["setpriv", "--pdeathsig", "TERM", ...dnsmasqCommand(wanted)], {
    stdio: ["ignore", "ignore", "pipe"],
    // In a group of its own: Ctrl-C is for us, and we end it.
    detached: true,
  });
  const last: string[] = [];
  const started = Promise.withResolvers<undefined>();
  const read = readLines(dnsmasq.stderr, (line) => {
    last.push(line);
    if (last.length > LAST_WORDS) last.shift();
    if (STARTED.test(line)) started.resolve(undefined);
    see(readLogLine(line, folder));
  });
  const ended = Promise.all([dnsmasq.exited, read]);
  const failed = ended.then(([code]) => `dnsmasq ended with ${code}:\n${last.join("\n")}`);
  async function stop(): Promise<void> {
    dnsmasq.kill();
    await Promise.all([ended, files.stop()]);
    rmSync(state, { recursive: true, force: true });
  }
  const reason = await Promise.race([started.promise, failed]);
  if (reason === undefined) return { failed, stop };
  await stop();
  throw new Error(`Cannot serve on ${options.interface}: ${reason}`);
}

async function readLines(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
}
