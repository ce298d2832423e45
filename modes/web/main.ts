/** The program clumpweb: this node and its cluster for browsers, Prometheus and curl, until a signal. */

import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { setPriority } from "node:os";
import type { CommandIo } from "../../cluster/commands/mosctl.ts";
import { MovesFile } from "../../cluster/moves-report.ts";
import { formatHelp, formatRefusal } from "../../system/command-help.ts";
import { createTerminalLog, type Log, openServiceLog, reason } from "../../system/log.ts";
import { reportReady } from "../../system/readiness.ts";
import { readAccess } from "../../system/state/access.ts";
import { uptime } from "../../system/uptime.ts";
import { StatusWatch } from "../sources/status-watch.ts";
import { BasicAuth, type Lock } from "./basic-auth.ts";
import { SnapshotEvents } from "./events.ts";
import { ClusterHistory } from "./history.ts";
import { CLUMPWEB_HELP, type ClumpwebOptions, parseClumpwebOptions } from "./options.ts";
import { createSiteServer } from "./server.ts";
import { answerPath, historyEvent } from "./site.ts";
import type { Snapshot } from "./snapshot.ts";
import { Viewers } from "./viewers.ts";

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
const SECOND = 1_000;
/** clumpweb yields to the cluster's jobs and is the OOM killer's first choice: no other program depends on it. */
const NICENESS = 10;
const OOM_SCORE = "500";

/** Runs clumpweb until a signal; `argv` follows its name. Returns the exit code. */
export async function runClumpweb(argv: readonly string[], io: CommandIo): Promise<number> {
  let options: ClumpwebOptions;
  try {
    options = parseClumpwebOptions(argv);
  } catch (error) {
    io.stderr(formatRefusal(CLUMPWEB_HELP, reason(error)));
    return EXIT.usage;
  }
  if (options.help) {
    io.stdout(formatHelp(CLUMPWEB_HELP));
    return EXIT.ok;
  }
  const log = options.root === "" ? openServiceLog("clumpweb") : createTerminalLog("clumpweb");
  if (options.root === "") stepBack(log);
  return await show(options, log);
}

function stepBack(log: Log): void {
  try {
    setPriority(NICENESS);
    writeFileSync("/proc/self/oom_score_adj", OOM_SCORE);
  } catch (error) {
    log.warn(`Cannot step back behind the jobs of the cluster: ${reason(error)}, ignoring`);
  }
}

async function show({ root, address, port, readyDescriptor }: ClumpwebOptions, log: Log): Promise<number> {
  const exit = Promise.withResolvers<number>();
  const status = new StatusWatch(root, () => {});
  const moves = new MovesFile(root);
  const snapshot = (): Snapshot => ({
    moves: moves.read(),
    now: Date.now(),
    status: status.latest(),
    cluster: status.cluster(),
    uptime: uptime(),
  });
  const events = new SnapshotEvents(snapshot);
  const viewers = new Viewers(() => events.current());
  const history = new ClusterHistory();
  const server = createSiteServer({
    auth: new BasicAuth(() => lockOf(root)),
    viewers,
    answer: (path, accept) => answerPath(path, accept, snapshot()),
    history: () => historyEvent(history),
  });
  server.on("error", (error) => {
    log.error(`Cannot serve the web view on port ${port}: ${reason(error)}`);
    exit.resolve(EXIT.failed);
  });
  server.listen(port, address, () => {
    const bound = (server.address() as AddressInfo).port;
    const who = lockOf(root) === "open" ? "open to everybody" : "with the password of this node";
    log.info(`the web view is on port ${bound}, ${who}`);
    if (readyDescriptor !== undefined) reportReady(readyDescriptor);
  });
  const timer = setInterval(() => {
    const view = status.cluster();
    if (view) history.push(view);
    viewers.beat();
  }, SECOND);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.once(signal, () => exit.resolve(EXIT.ok));
  }
  const code = await exit.promise;
  clearInterval(timer);
  status.close();
  viewers.close();
  server.closeAllConnections();
  server.close();
  return code;
}

/** Read at each request, because the password may change. An unreadable file lets no client in. */
function lockOf(root: string): Lock {
  try {
    const access = readAccess(root);
    if (access === undefined) return "unknown";
    return access.password === undefined ? "open" : { password: access.password };
  } catch {
    return "unknown";
  }
}
