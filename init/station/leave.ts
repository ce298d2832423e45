/** The command `clump leave`: ends a workstation's part in its cluster. */

import { rmSync } from "node:fs";
import type { CommandIo } from "../../cluster/commands/mosctl.ts";
import { askJobs, NoJobs } from "../../cluster/jobs/request.ts";
import { removeRemains } from "../../cluster/migration/criu-remains.ts";
import { DEVICE } from "../../cluster/tunnel/device.ts";
import { asksForHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import { RUN_FOLDER } from "../../system/state/paths.ts";
import { sendAllHome } from "../end/send-all-home.ts";
import { LEAVE_HELP } from "./help.ts";
import { readServed, writeServed } from "./served.ts";
import {
  JOBS_UNIT,
  MACHINE,
  needRoot,
  needSystemd,
  SERVE_UNIT,
  systemctl,
  UNITS,
  type Workstation,
} from "./workstation.ts";

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Asks the daemon of moves; tests put another in its place. */
type Ask = (request: { readonly verb: "bring" | "expel" | "finish" }) => Promise<unknown>;

/** Runs `clump leave` with the words after it. Returns the exit code. */
export async function runLeave(
  words: readonly string[],
  { root, stdout, stderr }: CommandIo,
  machine: Workstation = MACHINE,
  ask: Ask = askJobs,
): Promise<number> {
  if (asksForHelp(words)) {
    stdout(formatHelp(LEAVE_HELP));
    return EXIT.ok;
  }
  if (words[0] !== undefined) {
    stderr(formatRefusal(LEAVE_HELP, `Cannot use "${words[0]}": nothing was wanted`));
    return EXIT.usage;
  }
  try {
    needRoot("leave", machine);
    needSystemd("leave", machine);
    await sendAllHome(ask).catch((error: unknown) => {
      throw new Error(`Cannot leave: ${reason(error)}`);
    });
    const left = await finish(ask);
    if (readServed(root) !== undefined) {
      await systemctl(machine, "disable", "--quiet", "--now", SERVE_UNIT);
      writeServed(root, undefined);
    }
    await systemctl(machine, "disable", "--quiet", ...UNITS.toReversed());
    if (left === "") {
      await systemctl(machine, "stop", ...UNITS.toReversed());
      await removeTunnel(machine);
      removeRemains(root);
      rmSync(root + RUN_FOLDER, { recursive: true, force: true });
    } else {
      // The daemon of jobs carries what these write and how they end; it ends with the last of them.
      const others = UNITS.filter((unit) => unit !== JOBS_UNIT).toReversed();
      await systemctl(machine, "stop", "--job-mode=ignore-dependencies", ...others);
      stdout(`These processes came home; ${JOBS_UNIT} runs until they have ended: ${left}\n`);
    }
    stdout("This workstation is no node any more; its key stays in /etc/clump.key.\n");
    return EXIT.ok;
  } catch (error) {
    stderr(`clump: ${reason(error)}\n`);
    return EXIT.failed;
  }
}

/** Gives the pids of processes that need the daemon of moves until they end, "" for none. */
async function finish(ask: Ask): Promise<string> {
  const said = await ask({ verb: "finish" }).catch((error: unknown) => {
    if (!(error instanceof NoJobs)) throw error;
  });
  return (said as { readonly text?: string } | undefined)?.text ?? "";
}

/** The daemon leaves its device to the next run. A workstation that has moved nothing has none. */
async function removeTunnel({ run }: Pick<Workstation, "run">): Promise<void> {
  await run("/usr/sbin/ip", "link", "delete", DEVICE);
}
