/** The program clumpserve: a node that boots other nodes from its own memory, or a workstation from its package. */

import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CommandIo } from "../../cluster/commands/mosctl.ts";
import { formatHelp, formatRefusal } from "../../system/command-help.ts";
import { openServiceLog, reason } from "../../system/log.ts";
import { say } from "../../system/output.ts";
import { RateLimitedLog } from "../../system/rate-limited-log.ts";
import { reportReady } from "../../system/readiness.ts";
import { runTool } from "../../system/tool.ts";
import { findLoopDevice } from "../disks/loop-device.ts";
import { RARE_DRIVERS_FILES } from "../rare-drivers/rare-drivers-files.ts";
import { StatusWatch } from "../sources/status-watch.ts";
import { type BootServer, httpBase, startBootServer } from "./boot-server.ts";
import type { ServeSettings } from "./dnsmasq.ts";
import { writeInitramfs } from "./initramfs.ts";
import { takeFromMedium } from "./medium.ts";
import { writeMenu } from "./menu.ts";
import { NodeServer, planServer } from "./node-server.ts";
import { describeOptions, NO_OPTIONS, type NodeOptions, parseNodes } from "./nodes.ts";
import { CLUMPSERVE_HELP, parseClumpserveOptions, type ServeOptions } from "./options.ts";
import { SERVE_FILES, SERVE_FOLDER } from "./serve-files.ts";

/** The block device with the packed system; the first stage has mounted it on /usr. */
const SYSTEM = "/dev/loop0";

/** Undefined where they have left memory. */
function findRareDrivers(): string | undefined {
  const { packed, memory } = RARE_DRIVERS_FILES;
  return findLoopDevice("", `/${packed}`) ?? (existsSync(memory) ? memory : undefined);
}

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Serves until a signal, or until a server of its own fails. Returns the exit code. */
export async function runClumpserve(args: readonly string[], io: CommandIo): Promise<number> {
  let request: ReturnType<typeof parseClumpserveOptions>;
  try {
    request = parseClumpserveOptions(args);
  } catch (error) {
    io.stderr(formatRefusal(CLUMPSERVE_HELP, reason(error)));
    return EXIT.usage;
  }
  if (request === "help") {
    io.stdout(formatHelp(CLUMPSERVE_HELP));
    return EXIT.ok;
  }
  if (request === "take") return await take();
  if (!("interface" in request)) return await serve(request);
  // Its calls of C need a compiler, which a booted node's own service runs without.
  return await (await import("./workstation.ts")).serveAsWorkstation(request, io.root);
}

async function serve({ pool, readyDescriptor }: ServeOptions): Promise<number> {
  const log = openServiceLog("clump");
  try {
    await writeInitramfs({ folder: SERVE_FOLDER, system: SYSTEM, rareDrivers: findRareDrivers() });
    const nodes = readNodes();
    // Whatever PC asks causes its lines.
    const limited = new RateLimitedLog(log);
    const ended = Promise.withResolvers<string>();
    let toReport = readyDescriptor;
    const reportOnce = () => {
      if (toReport !== undefined) reportReady(toReport);
      toReport = undefined;
    };
    const server = new NodeServer({
      plan: (status) => planServer(status, pool),
      async start(settings) {
        const running = await start(settings, nodes, (line) => limited.info(line));
        reportOnce();
        return running;
      },
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
    await takeFromMedium({ root: "", run: runTool, system: SYSTEM, rareDrivers: findRareDrivers() });
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
  writeMenu(folder, { nodes, http: httpBase(settings) });
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
