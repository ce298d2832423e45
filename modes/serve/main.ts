/** The program clumpserve: a node that boots other nodes, from its own memory. */

import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createKernelLog, reason } from "../../init/machine/log.ts";
import { StatusWatch } from "../clumpview/status-watch.ts";
import { runTool } from "../report/tool.ts";
import { type BootServer, httpBase, startBootServer } from "./boot-server.ts";
import type { ServeSettings } from "./dnsmasq.ts";
import { writeInitramfs } from "./initramfs.ts";
import { takeFromMedium } from "./medium.ts";
import { writeMenus } from "./menus.ts";
import { createNodeServer } from "./node-server.ts";
import { describeOptions, NO_OPTIONS, type NodeOptions, parseNodes } from "./nodes.ts";
import { parsePool } from "./pool.ts";
import { SERVE_FILES, SERVE_FOLDER } from "./serve-files.ts";
import { TAKE_WORD } from "./serve-service.ts";

/** The packed system, as the first stage has mounted it. */
const SYSTEM = "/dev/loop0";

/** Serves until it is ended, or a server of its own ends; the exit status. */
export async function runClumpserve(args: readonly string[]): Promise<number> {
  const log = createKernelLog("clump");
  log.open({ debug: false });
  if (args[0] === TAKE_WORD) return await take();
  try {
    const pool = parsePool(args[0] ?? "");
    if (pool === undefined || args.length !== 1)
      throw new RangeError(`Usage: clumpserve FROM,TO, or clumpserve ${TAKE_WORD}`);
    await writeInitramfs({ folder: SERVE_FOLDER, system: SYSTEM });
    const nodes = readNodes();
    const ended = Promise.withResolvers<string>();
    const say = (line: string) => log.info(line);
    const server = createNodeServer({
      pool,
      start: (settings) => start(settings, nodes, say),
      log,
      failed: ended.resolve,
    });
    const follow = () => void server.follow(watch.latest());
    const watch = new StatusWatch("", follow);
    follow();
    throw new Error(await ended.promise);
  } catch (error) {
    log.warn(`Cannot boot other nodes: ${reason(error)}`);
    return 1;
  }
}

/** Says on standard error why not. */
async function take(): Promise<number> {
  try {
    await takeFromMedium({ root: "", run: runTool, system: SYSTEM });
    return 0;
  } catch (error) {
    process.stderr.write(`Cannot boot other nodes: ${reason(error)}\n`);
    return 1;
  }
}

function readNodes(): NodeOptions {
  const path = join(SERVE_FOLDER, SERVE_FILES.nodes);
  return existsSync(path) ? parseNodes(readFileSync(path, "utf8")) : NO_OPTIONS;
}

function start(
  settings: ServeSettings,
  nodes: NodeOptions,
  say: (line: string) => void,
): Promise<BootServer> {
  const folder = join(SERVE_FOLDER, "net", settings.interface);
  linkTree(join(SERVE_FOLDER, SERVE_FILES.boot), folder);
  writeMenus(folder, { nodes, http: httpBase(settings) });
  return startBootServer({
    options: settings,
    folder,
    programs: SERVE_FOLDER,
    seen: ({ mac, ip, stage }) =>
      say(
        [`${settings.interface}: ${mac}`, ip, stage, describeOptions(nodes, mac)]
          .filter((text) => text !== "")
          .join(" "),
      ),
  });
}

/** Makes a folder of the same files anew: each interface has menus of its own beside them. */
function linkTree(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const link = join(to, path.slice(from.length));
    mkdirSync(dirname(link), { recursive: true });
    linkSync(path, link);
  }
}
