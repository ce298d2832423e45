/** A boot server on one interface: dnsmasq and HTTP over one folder, and a log of the nodes that boot from it. */

import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type BootEvent, findNeighbour, readLogLine } from "./boot-events.ts";
import { type BootLog, recordEvent, type SeenNode } from "./boot-log.ts";
import { dnsmasqCommand, type ServeSettings } from "./dnsmasq.ts";
import { serveFiles } from "./files.ts";
import { findServedNetwork } from "./served-network.ts";

export interface BootServer {
  /** Resolves with the reason when the server ended by itself. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

export interface BootServerInputs {
  readonly options: ServeSettings;
  /** The complete folder of boot files. */
  readonly folder: string;
  /** Where links in that folder may lead. */
  readonly linked?: string;
  /** Called for every stage of a node's boot. */
  readonly seen: (node: SeenNode, log: BootLog) => void;
  /** A folder with the programs in bin/ and their libraries in lib/; default the machine's own. */
  readonly programs?: string;
}

const LAST_WORDS = 5;
/** dnsmasq logs this when its sockets are open. */
const STARTED = /\bdnsmasq\[\d+\]: started/;

/** The URL of the served folder, without a slash at its end. */
export function httpBase({ interface: name, httpPort }: ServeSettings): string {
  const { address } = findServedNetwork(name, networkInterfaces());
  return `http://${address}${httpPort === 80 ? "" : `:${httpPort}`}`;
}

/** Starts dnsmasq and HTTP; resolves when both answer. @throws Error when one of the two cannot start */
export async function startBootServer(inputs: BootServerInputs): Promise<BootServer> {
  const { options, folder, linked, seen, programs } = inputs;
  const served = findServedNetwork(options.interface, networkInterfaces());
  let log: BootLog = new Map();

  function see(event: BootEvent | undefined): void {
    if (event === undefined) return;
    const before = log;
    log = recordEvent(log, event, new Date(), (ip) =>
      findNeighbour(readFileSync("/proc/net/arp", "utf8"), ip),
    );
    const changed = [...log.values()].find((node) => before.get(node.mac) !== node);
    if (changed) seen(changed, log);
  }

  const files = await serveFiles({
    address: served.address,
    port: options.httpPort,
    folder,
    linked,
    requested: (ip, path) => see({ kind: "file", ip, path }),
  });
  const state = mkdtempSync(join(tmpdir(), "clump-serve-"));
  // dnsmasq's errors name the path of a file to its client, who is to learn nothing of where the files lie.
  const tftpRoot = join(state, "files");
  symlinkSync(resolve(folder), tftpRoot);
  const wanted = {
    options,
    served,
    folder: tftpRoot,
    http: httpBase(options),
    leaseFile: join(state, "leases"),
  };
  const dnsmasq = spawnDnsmasq(dnsmasqCommand(wanted), programs);
  const last: string[] = [];
  const started = Promise.withResolvers<undefined>();
  const read = readLines(dnsmasq.stderr, (line) => {
    last.push(line);
    if (last.length > LAST_WORDS) last.shift();
    if (STARTED.test(line)) started.resolve(undefined);
    see(readLogLine(line, tftpRoot));
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

function spawnDnsmasq([name = "", ...words]: readonly string[], programs: string | undefined) {
  const path = (program: string) => (programs === undefined ? program : join(programs, "bin", program));
  const libraries = programs === undefined ? {} : { LD_LIBRARY_PATH: join(programs, "lib") };
  // The kernel ends dnsmasq when this process ends, even by SIGKILL (prctl(2), PR_SET_PDEATHSIG).
  return Bun.spawn([path("setpriv"), "--pdeathsig", "TERM", path(name), ...words], {
    env: { ...process.env, ...libraries },
    stdio: ["ignore", "ignore", "pipe"],
    // dnsmasq gets a process group of its own, so that Ctrl-C reaches this process alone, which then ends dnsmasq.
    detached: true,
  });
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
