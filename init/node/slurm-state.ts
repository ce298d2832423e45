/**
 * What Slurm makes of this node, for its screens: the script of slurmd writes it to a file each few seconds. That script
 * gets from here what it wants to know of the node.
 */

import { SLURM_STATE_PATH, type SlurmRequest } from "../../modes/slurm/slurm-request.ts";
import { fittingVersions, nameVersion } from "../../modes/slurm/versions.ts";
import { readOptional } from "../../system/files.ts";
import { type Log, reason } from "../../system/log.ts";
import type { SlurmStatus } from "../../system/state/node-status.ts";
import { writeFeatures, writeMungeKey } from "./slurm-files.ts";

const LOOK_MILLISECONDS = 2_000;
/** Until the node has its number: slurmd waits for that. */
const EARLY_MILLISECONDS = 100;

export interface SlurmStateOptions {
  readonly root: string;
  readonly request: SlurmRequest;
  readonly log: Log;
  /** Called when the state or the problem has changed. */
  readonly changed: () => void;
}

export class SlurmState {
  readonly #options: SlurmStateOptions;
  #line = "";
  #features: string | undefined;

  constructor(options: SlurmStateOptions) {
    this.#options = options;
  }

  /** Looks now and then, until the signal. */
  watch(signal: AbortSignal): void {
    const { root, log } = this.#options;
    let timer: Timer;
    const again = () => {
      this.look();
      timer = setTimeout(
        again,
        this.#features === undefined ? EARLY_MILLISECONDS : LOOK_MILLISECONDS,
      ).unref();
    };
    void attempt(log, () => writeMungeKey(root));
    again();
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  look(): void {
    const { root, log, changed } = this.#options;
    void attempt(log, () => {
      this.#features = writeFeatures(root, this.#features);
    });
    const line = readOptional(root + SLURM_STATE_PATH)?.trim() ?? "";
    if (line === this.#line) return;
    this.#line = line;
    const [problem] = this.problems();
    if (problem !== undefined) log.warn(problem);
    changed();
  }

  /** Absent while slurmd is not in its cluster. */
  current(): SlurmStatus | undefined {
    // "state idle 0 none", "state drained 2 by hand"
    const [, state = "", jobs, why = ""] = /^state (\S+) (\d+) (.*)$/.exec(this.#line) ?? [];
    if (jobs === undefined) return undefined;
    return { state, jobs: Number(jobs), ...(why !== "none" && { why }) };
  }

  /** A sentence for the screen; none while all is well, or slurmd has only started. */
  problems(): readonly string[] {
    const { controllers } = this.#options.request;
    const controller = controllers === "" ? "of DNS" : controllers;
    // "protocol 10752 22.05.8"
    const [, protocol, own = ""] = /^protocol (\d+) (\S+)$/.exec(this.#line) ?? [];
    if (protocol !== undefined)
      return [
        `Slurm: the controller ${controller} has version ${nameVersion(Number(protocol))}, and one of ${fittingVersions(own)} was wanted for slurmd ${own} of slurm.img`,
      ];
    switch (this.#line) {
      case "no archive":
        return [
          "Cannot be a node of Slurm: slurm.img was wanted behind initramfs.img, and the boot loader loaded none",
        ];
      case "no key":
        return [
          "Cannot be a node of Slurm: clump.key= was wanted for the munge key, and this node has no key",
        ];
      case "no answer":
        return [`Slurm: the controller ${controller} does not answer, trying again`];
      case "no record":
        return [
          "Slurm: DNS names no controller: a record _slurmctld._tcp in the domain of the lease was wanted, or clump.slurm=CONTROLLER",
        ];
      case "hung up":
        return [
          `Slurm: the controller ${controller} hangs up: wanted are its munge key (clump slurm key prints that of this node), clocks within 5 minutes, and a slurmctld no older than its slurmd`,
        ];
      default:
        return [];
    }
  }
}

async function attempt(log: Log, act: () => void | Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    log.warn(`Cannot tell Slurm of this node: ${reason(error)}`);
  }
}
