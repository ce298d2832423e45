/** The program clumpserve: a node that boots other nodes from its own memory. */

import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { openKernelLog, reason } from "../../system/log.ts";
import { say } from "../../system/output.ts";
import { RateLimitedLog } from "../../system/rate-limited-log.ts";
import { runTool } from "../../system/tool.ts";
import { StatusWatch } from "../sources/status-watch.ts";
import { type BootServer, httpBase, startBootServer } from "./boot-server.ts";
import type { ServeSettings } from "./dnsmasq.ts";
import { writeInitramfs } from "./initramfs.ts";
import { takeFromMedium } from "./medium.ts";
import { writeMenus } from "./menus.ts";
import { NodeServer } from "./node-server.ts";
import { describeOptions, NO_OPTIONS, type NodeOptions, parseNodes } from "./nodes.ts";
import { type Pool, parsePool } from "./pool.ts";
import { SERVE_FILES, SERVE_FOLDER } from "./serve-files.ts";
import { TAKE_OPTION } from "./serve-request.ts";

/** The block device with the packed system; the first stage has mounted it on /usr. */
const SYSTEM = "/dev/loop0";

const CLUMPSERVE_USAGE = `Usage: clumpserve FROM,TO
       clumpserve ${TAKE_OPTION}
  FROM,TO  the addresses it gives away where there is no other DHCP server
  ${TAKE_OPTION}   put the system of the CD or USB stick in its place, and end
`;

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Serves until a signal, or until a server of its own fails. Returns the exit code. */
export async function runClumpserve(args: readonly string[]): Promise<number> {
  const [word = "", ...more] = args;
  const pool = parsePool(word);
  if (word === "--help" || word === "-h") {
    say(1, CLUMPSERVE_USAGE);
    return EXIT.ok;
  }
  if (more.length > 0 || (pool === undefined && word !== TAKE_OPTION)) {
    const words = args.join(" ");
    say(2, `clumpserve: Cannot use "${words}": FROM,TO or ${TAKE_OPTION} was wanted\n${CLUMPSERVE_USAGE}`);
    return EXIT.usage;
  }
  return pool === undefined ? await take() : await serve(pool);
}

async function serve(pool: Pool): Promise<number> {
  const log = openKernelLog("clump");
  try {
    await writeInitramfs({ folder: SERVE_FOLDER, system: SYSTEM });
    const nodes = readNodes();
    // Whatever PC asks causes its lines.
    const limited = new RateLimitedLog(log);
    const ended = Promise.withResolvers<string>();
    const server = new NodeServer({
      pool,
      start: (settings) => start(settings, nodes, (line) => limited.info(line)),
      log,
      failed: ended.resolve,
    });
    const update = () => void server.update(watch.latest());
    const watch = new StatusWatch("", update);
    update();
    throw new Error(await ended.promise);
  } catch (error) {
    log.warn(`Cannot boot other nodes: ${reason(error)}`);
    return EXIT.failed;
  }
}

/** Takes the files from a medium; a failure goes to standard error, which process 1 reads. */
async function take(): Promise<number> {
  try {
    await takeFromMedium({ root: "", run: runTool, system: SYSTEM });
    return EXIT.ok;
  } catch (error) {
    say(2, `Cannot boot other nodes: ${reason(error)}\n`);
    return EXIT.failed;
  }
}

function readNodes(): NodeOptions {
  const path = join(SERVE_FOLDER, SERVE_FILES.nodes);
  return existsSync(path) ? parseNodes(readFileSync(path, "utf8")) : NO_OPTIONS;
}

function start(
  settings: ServeSettings,
  nodes: NodeOptions,
  report: (line: string) => void,
): Promise<BootServer> {
  const folder = join(SERVE_FOLDER, "net", settings.interface);
  linkTree(join(SERVE_FOLDER, SERVE_FILES.boot), folder);
  writeMenus(folder, { nodes, http: httpBase(settings) });
  return startBootServer({
    options: settings,
    folder,
    programs: SERVE_FOLDER,
    seen: ({ mac, ip, stage }) =>
      report(
        [`${settings.interface}: ${mac}`, ip, stage, describeOptions(nodes, mac)]
          .filter((text) => text !== "")
          .join(" "),
      ),
  });
}

/** Makes `to` a tree of hard links to the files of `from`: each interface has menus of its own beside them. */
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
