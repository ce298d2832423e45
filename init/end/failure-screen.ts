/** What the screen says of a boot that failed: what, why, what to try and how to be helped. */

import { describeNode } from "../../modes/figures/facts.ts";
import { toShowable } from "../../modes/terminal/canvas.ts";
import { reason } from "../../system/log.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import { PATHS } from "../../system/state/paths.ts";
import { describeTarget, REPORT_BY_HAND, type Target } from "../../system/state/report-target.ts";

/** First line of the screen; the VM tests look for it. */
export const EMERGENCY_TITLE = "clump could not go on";

/** The way to others, and what keeps it closed: more lines would push away what failed. */
const MOST_NETWORK_LINES = 6;

export interface Failure {
  readonly error: unknown;
  /** Absent where a shell follows. */
  readonly restartSeconds?: number | undefined;
  /** Where the report goes. */
  readonly target?: Target | undefined;
  /** What was known of the node by then. */
  readonly status?: NodeStatus | undefined;
  /** Seconds since the kernel started. */
  readonly uptime: number;
}

/** The text of the screen, for a terminal in any mode. */
export function formatFailure(failure: Failure): string {
  const { error, restartSeconds, target } = failure;
  const sent = target && `sent to ${describeTarget(target)} as soon as it can be`;
  const next =
    restartSeconds === undefined
      ? "A shell follows. dmesg shows the log; reboot starts again, poweroff ends."
      : `The machine starts again in ${restartSeconds} s, as panic= asks${sent ? ", but not before it is sent, or could not be" : ""}.`;
  return [
    "",
    EMERGENCY_TITLE,
    "",
    ...paragraph("What failed:", [toShowable(reason(error))]),
    ...paragraph("What to try:", [
      "boot with the word safe (nothing is probed), or with debug (says more).",
      "Too little memory, a damaged image and a driver at fault look like this too.",
    ]),
    ...paragraph("The network:", networkLines(failure)),
    ...(restartSeconds === undefined
      ? [
          ...paragraph("The report:", [`${PATHS.report} has it in a moment${sent ? `, ${sent}` : ""}.`]),
          ...paragraph("To be helped:", [
            `photograph this screen, or type ${REPORT_BY_HAND}.`,
            `Without a USB disk: less ${PATHS.report} shows what to photograph.`,
          ]),
        ]
      : [
          ...(sent ? paragraph("The report:", [`${sent}.`]) : []),
          ...paragraph("To be helped:", ["photograph this screen."]),
        ]),
    "",
    next,
    "",
  ].join("\r\n");
}

function networkLines({ status, uptime }: Failure): string[] {
  if (status === undefined) return ["the boot did not come to it."];
  const facts = describeNode(status, uptime).filter(({ label }) => label !== "help" && label !== "warning");
  return facts.slice(0, MOST_NETWORK_LINES).map(({ label, text }) => toShowable(`${label} ${text}`.trim()));
}

function paragraph(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `  ${(index === 0 ? label : "").padEnd(13)} ${line}`);
}
