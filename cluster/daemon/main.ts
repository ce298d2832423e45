/** The program clumpd, from its command line to a signal. */

import { DemandMeter } from "../../probes/processes/demand.ts";
import { formatHelp, formatRefusal } from "../../system/command-help.ts";
import { createTerminalLog, type Log, openServiceLog, reason } from "../../system/log.ts";
import type { Output } from "../../system/output.ts";
import { RateLimitedLog } from "../../system/rate-limited-log.ts";
import { reportReady } from "../../system/readiness.ts";
import { Balancer } from "../balance/balancer.ts";
import { askJobs } from "../jobs/request.ts";
import { Daemon } from "./clumpd.ts";
import { CLUMPD_HELP, type ClumpdOptions, parseClumpdOptions } from "./clumpd-options.ts";

const EXIT = { ok: 0, usage: 2 } as const;

/** Runs clumpd with the words after its name until SIGTERM; gives its exit code. */
export async function runClumpd(argv: readonly string[], io: Output): Promise<number> {
  let options: ClumpdOptions;
  try {
    options = parseClumpdOptions(argv);
  } catch (error) {
    io.stderr(formatRefusal(CLUMPD_HELP, reason(error)));
    return EXIT.usage;
  }
  if (options.help) io.stdout(formatHelp(CLUMPD_HELP));
  else await takePart(options);
  return EXIT.ok;
}

async function takePart(options: ClumpdOptions): Promise<void> {
  const { root, readyDescriptor, balance } = options;
  const log = root === "" ? openServiceLog("clumpd") : createTerminalLog("clumpd");
  const daemon = new Daemon(options, log, balance === "on" ? createBalancer(log) : undefined);
  const stop = Promise.withResolvers<void>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.resolve());
  // PID 1 sends it before SIGTERM, for shells; here it would cut the goodbye short.
  process.on("SIGHUP", () => {});
  await daemon.start();
  if (readyDescriptor !== undefined) reportReady(readyDescriptor);
  await stop.promise;
  await daemon.stop();
}

/** clumpd decides; the daemon of moves, which sleeps until the first move, performs. */
function createBalancer(log: Log): Balancer {
  return new Balancer({
    ...{ meter: new DemandMeter(""), log: new RateLimitedLog(log) },
    held: async () => {
      const reply = await askJobs({ verb: "list" });
      if (!("jobs" in reply)) throw new Error("the daemon of moves lists no processes");
      const away = reply.jobs.flatMap(({ kind, pid }) => (kind === "away" ? [pid] : []));
      const guests = reply.jobs.flatMap(({ address: home, supervisor, history }) =>
        supervisor === undefined || history === undefined ? [] : [{ supervisor, home, ...history }],
      );
      return { away, locked: reply.locked, guests };
    },
    migrate: async (pid, to, room) => await askJobs({ verb: "migrate", pid, to, room }),
    sendOnward: async (pid, to, room) => await askJobs({ verb: "onward", pid, to, room }),
  });
}
