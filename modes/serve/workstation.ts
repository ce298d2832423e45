/** The boot server of a workstation: on the interface that root named, from the files of the package. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readOptional } from "../../system/files.ts";
import { follow } from "../../system/follow.ts";
import { networkChanges } from "../../system/kernel/network-changes.ts";
import { openServiceLog, reason } from "../../system/log.ts";
import { RateLimitedLog } from "../../system/rate-limited-log.ts";
import { reportToSystemd } from "../../system/readiness.ts";
import { type BootServer, httpBase, startBootServer } from "./boot-server.ts";
import type { ServeSettings } from "./dnsmasq.ts";
import { writeMenu } from "./menu.ts";
import { HTTP_PORT, NodeServer, type Place } from "./node-server.ts";
import { describeOptions, NO_OPTIONS, type NodeOptions, parseNodes } from "./nodes.ts";
import type { InterfaceOptions } from "./options.ts";

/** What the package has for nodes: kernel, initramfs and loaders, in the places of SERVE_FILES.boot. */
export const BOOT_FOLDER = "/usr/lib/clump/boot";
/** Options for nodes, as nodes.conf of `npm run serve`; the workstation need not have it. */
export const NODES_PATH = "/etc/clump.nodes";
/** Names of LoadCredential= in clumpserve.service: the service's own user may read neither file. */
const CREDENTIALS = { key: "clump.key", nodes: "clump.nodes" } as const;

const FAILED = 1;

/** Options of all nodes: the key, and the lines of NODES_PATH. @throws SyntaxError that names the line, or the key's */
export function nodesOf(key: string | undefined, lines: string): NodeOptions {
  const first = key === undefined ? NO_OPTIONS : parseNodes(`* clump.key=${key}`);
  const { all, byMac } = parseNodes(lines);
  return { byMac, all: [first.all, all].filter(Boolean).join(" ") };
}

/** Serves until a signal, or until a server of its own fails. Returns the exit code. */
export async function serveAsWorkstation(options: InterfaceOptions, root: string): Promise<number> {
  const log = openServiceLog("clumpserve");
  const stop = new AbortController();
  try {
    const nodes = readNodes(options);
    const limited = new RateLimitedLog(log);
    const ended = Promise.withResolvers<string>();
    const server = new NodeServer({
      plan: (place) => planOf(options, place),
      start: (settings) => start(settings, { root, nodes, report: (line) => limited.info(line) }),
      log,
      failed: ended.resolve,
    });
    const update = (): Promise<void> => server.update(placeOf(options.interface));
    // Without an address it is ready too: it serves when there is one.
    await Promise.race([update(), ended.promise]);
    await Promise.race([reportToSystemd(), ended.promise]);
    const look = (): void => void update();
    void follow({
      name: "follow the network",
      events: networkChanges,
      handle: look,
      ...{ look, log, signal: stop.signal },
    });
    throw new Error(await ended.promise);
  } catch (error) {
    log.error(`Cannot boot other nodes: ${reason(error)}`);
    return FAILED;
  } finally {
    stop.abort();
  }
}

function planOf({ pool }: InterfaceOptions, { nic, address }: Place): ServeSettings | undefined {
  if (nic === undefined || address === undefined) return undefined;
  return { interface: nic, httpPort: HTTP_PORT, ...(pool && { pool }) };
}

function placeOf(name: string): Place {
  const found = networkInterfaces()[name]?.find(({ family }) => family === "IPv4");
  return { nic: name, ...(found && { address: found.address }) };
}

function readNodes({ handsOutKey }: InterfaceOptions): NodeOptions {
  const folder = process.env["CREDENTIALS_DIRECTORY"];
  const read = (name: string) => (folder === undefined ? undefined : readOptional(join(folder, name)));
  const key = handsOutKey ? read(CREDENTIALS.key)?.trim() : undefined;
  if (handsOutKey && !key)
    throw new Error("clumpserve.service gives no cluster key, and clump serve was wanted, which starts it");
  return nodesOf(key, read(CREDENTIALS.nodes) ?? "");
}

interface Serving {
  readonly root: string;
  readonly nodes: NodeOptions;
  readonly report: (line: string) => void;
}

async function start(settings: ServeSettings, { root, nodes, report }: Serving): Promise<BootServer> {
  const folder = mkdtempSync(join(tmpdir(), "clump-boot-"));
  linkTree(root + BOOT_FOLDER, folder);
  writeMenu(folder, { nodes, http: httpBase(settings) });
  const server = await startBootServer({
    options: settings,
    folder,
    linked: root + BOOT_FOLDER,
    seen: ({ mac, ip, stage }) =>
      report([mac, ip, stage, describeOptions(nodes, mac)].filter((text) => text !== "").join(" ")),
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true });
  };
  return { failed: server.failed, stop };
}

/** Makes `to` a tree of links to the files of `from`: the menus beside them have the key, and are this service's own. */
function linkTree(from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const link = join(to, path.slice(from.length));
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(path, link);
  }
}
