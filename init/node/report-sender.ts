/** Sends the report of a boot to the target of `clump.report=`, by a program of its own: the boot does not wait for it. */

import { describeEnd } from "../../system/children.ts";
import { reason } from "../../system/log.ts";
import type { Machine } from "../../system/machine.ts";
import { PATHS } from "../../system/state/paths.ts";
import { describeTarget, type Target } from "../../system/state/report-target.ts";

/** Name servers and switches may be ready later than the address. */
const PAUSES_MILLISECONDS = [5_000, 30_000];
/** Kills a program that exceeds its own limits. */
const LIMIT_MILLISECONDS = 120_000;

/** Sends one report: at the end of the boot, and to the network not before there is one. */
export class ReportSender {
  readonly #machine: Pick<Machine, "children" | "log">;
  readonly #options: { readonly target: Target; readonly signal: AbortSignal };
  readonly #waitsFor: Set<"boot" | "node">;

  constructor(
    machine: Pick<Machine, "children" | "log">,
    options: { readonly target: Target; readonly signal: AbortSignal },
  ) {
    this.#machine = machine;
    this.#options = options;
    this.#waitsFor = new Set(options.target.kind === "usb" ? ["boot"] : ["boot", "node"]);
  }

  /** The boot is over, so the report is complete. */
  bootIsOver(): void {
    this.#clear("boot");
  }

  /** This node is configured, so the network carries a report. */
  nodeIsConfigured(): void {
    this.#clear("node");
  }

  #clear(what: "boot" | "node"): void {
    if (!this.#waitsFor.delete(what) || this.#waitsFor.size > 0) return;
    void sendBootReport(this.#machine, this.#options);
  }
}

/**
 * Sends the report, with a few attempts; the log has each failure. Without a target the report is written, once. Never
 * throws.
 */
export async function sendBootReport(
  { children, log }: Pick<Machine, "children" | "log">,
  { target, signal }: { readonly target: Target | undefined; readonly signal?: AbortSignal },
): Promise<void> {
  for (const pause of target === undefined ? [undefined] : [...PAUSES_MILLISECONDS, undefined]) {
    const complaint = await attempt();
    if (complaint === undefined)
      return log.info(
        target ? `report sent to ${describeTarget(target)}` : `report written to ${PATHS.report}`,
      );
    log.warn(`${complaint}, ${pause === undefined ? "ignoring" : `trying again in ${pause / 1_000} s`}`);
    if (pause === undefined) return;
    await Bun.sleep(pause);
    if (signal?.aborted) return;
  }

  async function attempt(): Promise<string | undefined> {
    try {
      const child = children.spawn(["/usr/bin/clump", "report"], { errors: "captured" });
      const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MILLISECONDS);
      const end = await child.ended;
      clearTimeout(timer);
      if (end.status === 0) return undefined;
      const said = (await child.errors()).trim().replace(/^clump: /, "");
      return said || `Cannot send the report: it ended with ${describeEnd(end)}`;
    } catch (error) {
      return `Cannot send the report: ${reason(error)}`;
    }
  }
}
