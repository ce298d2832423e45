/** The command `clump report`. */

import { writeFileSync } from "node:fs";
import { replaceFile } from "../../system/files.ts";
import { reason } from "../../system/log.ts";
import { describeTarget, REPORT_PATH } from "../../system/state/report-target.ts";
import { runTool } from "../../system/tool.ts";
import { parseReportOptions, REPORT_USAGE, type ReportOptions } from "./options.ts";
import { makeReport } from "./report.ts";
import { type Carriers, sendReport } from "./send.ts";

export interface ReportIo {
  readonly root: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly carriers?: Partial<Carriers>;
}

/** Sent or written, not, or never begun for a wrong word. */
const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Makes a report, writes it and sends it, with the words after "report"; gives the exit code. */
export async function runReport(argv: readonly string[], io: ReportIo): Promise<number> {
  let options: ReportOptions;
  try {
    options = parseReportOptions(argv, io.root);
  } catch (error) {
    io.stderr(`clump: ${reason(error)}\n${REPORT_USAGE}`);
    return EXIT.usage;
  }
  if (options.help) {
    io.stdout(REPORT_USAGE);
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
  // Some of those that carry it away want a file.
  const file = output === "-" ? REPORT_PATH : output;
  if (output !== "-" || target !== undefined) write(io.root + file, report.text);
  if (output !== "-") io.stdout(`Report written to ${file}\n`);
  if (target === undefined) return;
  try {
    io.stdout(`Report ${await sendReport({ report, path: io.root + file, target }, carriers)}\n`);
  } catch (error) {
    throw new Error(`Cannot send the report to ${describeTarget(target)}`, { cause: error });
  }
}

/** In place as a whole where it can be: a terminal or a pipe takes no other file's place. */
function write(path: string, text: string): void {
  try {
    if (path.startsWith("/dev/")) writeFileSync(path, text);
    else replaceFile(path, text);
  } catch (error) {
    throw new Error(`Cannot write the report to ${path}`, { cause: error });
  }
}
