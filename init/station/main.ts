/** The program clumpstation, which systemd runs on a workstation: from /etc/clump.conf to a signal. */

import { findKey } from "../../cluster/security/key.ts";
import { asksForHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { readOptional } from "../../system/files.ts";
import { follow } from "../../system/follow.ts";
import { networkChanges } from "../../system/kernel/network-changes.ts";
import { createTerminalLog, type Log, openServiceLog, reason } from "../../system/log.ts";
import type { Output } from "../../system/output.ts";
import { reportToSystemd } from "../../system/readiness.ts";
import { runTool } from "../../system/tool.ts";
import { CONF_PATH, parseConf } from "./clump-conf.ts";
import { CLUMPSTATION_HELP } from "./help.ts";
import { IdleGuests, orderByMosctl } from "./idle-guests.ts";
import { withServedNic } from "./served.ts";
import { writeServiceOptions } from "./service-options.ts";
import { readSigns } from "./signs.ts";
import { Station } from "./station.ts";

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
/** Changes of a network come in bursts. */
const SETTLE_MILLISECONDS = 200;

/** Runs clumpstation with the words after its name until SIGTERM; gives its exit code. */
export async function runClumpstation(words: readonly string[], io: Output): Promise<number> {
  if (asksForHelp(words)) {
    io.stdout(formatHelp(CLUMPSTATION_HELP));
    return EXIT.ok;
  }
  const [option, root = "", surplus] = words;
  if ((option !== undefined && (option !== "--root" || root === "")) || surplus !== undefined) {
    const wrong = surplus ?? option;
    io.stderr(formatRefusal(CLUMPSTATION_HELP, `Cannot use "${wrong}": --root DIR or nothing was wanted`));
    return EXIT.usage;
  }
  try {
    await serve(root);
    return EXIT.ok;
  } catch (error) {
    io.stderr(`clumpstation: ${reason(error)}\n`);
    return EXIT.failed;
  }
}

async function serve(root: string): Promise<void> {
  const log = root === "" ? openServiceLog("clumpstation") : createTerminalLog("clumpstation");
  const options = withServedNic(root, parseConf(readOptional(root + CONF_PATH) ?? ""));
  for (const complaint of options.complaints) log.warn(complaint);
  writeServiceOptions(root, options, findKey(root) !== undefined);
  const station = new Station({ root, options, log });
  await station.update();
  await reportToSystemd();
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  if (options.guests === "idle") void followOwner(root, log, stop.signal);
  let settling: NodeJS.Timeout | undefined;
  await follow({
    name: "follow the network",
    events: networkChanges,
    handle: () => {
      settling ??= setTimeout(() => {
        settling = undefined;
        void station.update();
      }, SETTLE_MILLISECONDS);
    },
    look: () => void station.update(),
    ...{ log, signal: stop.signal },
  });
  clearTimeout(settling);
}

async function followOwner(root: string, log: Log, signal: AbortSignal): Promise<void> {
  const guests = new IdleGuests({
    ...{ log, signs: () => readSigns(root, runTool) },
    order: (verb) => orderByMosctl(root, verb),
  });
  await guests.follow(signal);
}
