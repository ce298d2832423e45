/** The command `clump report`. */

import { writeFileSync } from "node:fs";
import { formatHelp, formatRefusal } from "../../system/command-help.ts";
import { replaceFile } from "../../system/files.ts";
import { reason } from "../../system/log.ts";
import { PATHS } from "../../system/state/paths.ts";
import { describeTarget } from "../../system/state/report-target.ts";
import { runTool } from "../../system/tool.ts";
import { parseReportOptions, REPORT_HELP, type ReportOptions } from "./options.ts";
import { makeReport } from "./report.ts";
import { type Carriers, sendReport } from "./send.ts";

export interface ReportIo {
  readonly root: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly carriers?: Partial<Carriers>;
}

/** The report was delivered; it was not; the command line is wrong. */
const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Makes, writes and sends a report; `argv` follows the word "report". Returns the exit code. */
export async function runReport(argv: readonly string[], io: ReportIo): Promise<number> {
  let options: ReportOptions;
  try {
    options = parseReportOptions(argv, io.root);
  } catch (error) {
    io.stderr(formatRefusal(REPORT_HELP, reason(error)));
    return EXIT.usage;
  }
  if (options.help) {
    io.stdout(formatHelp(REPORT_HELP));
    return EXIT.ok;
  }
  try {
    await deliver(options, io);
    return EXIT.ok;
  } catch (error) {
    io.stderr(`clump: ${reason(error)}\n`);
    return EXIT.failed;
  }
}

async function deliver({ output, target }: ReportOptions, io: ReportIo): Promise<void> {
  const carriers = { root: io.root, run: runTool, fetch, ...io.carriers };
  const report = await makeReport(io.root, carriers.run);
  if (output === "-") io.stdout(report.text);
  // tftp(1) needs a file.
  const file = output === "-" ? PATHS.report : output;
  if (output !== "-" || target !== undefined) write(io.root + file, report.text);
  if (output !== "-") io.stdout(`Report written to ${file}\n`);
  if (target === undefined) return;
  try {
    io.stdout(`Report ${await sendReport({ report, path: io.root + file, target }, carriers)}\n`);
  } catch (error) {
    throw new Error(`Cannot send the report to ${describeTarget(target)}`, { cause: error });
  }
}

/** Replaces a regular file as a whole; a device such as a terminal is written to. */
function write(path: string, text: string): void {
  try {
    if (path.startsWith("/dev/")) writeFileSync(path, text);
    else replaceFile(path, text);
  } catch (error) {
    throw new Error(`Cannot write the report to ${path}`, { cause: error });
  }
}
