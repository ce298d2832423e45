/** The data behind clumpview's page. */

import { MovesFile, type MovesReport } from "../../cluster/moves-report.ts";
import type { ClusterView } from "../../cluster/view.ts";
import { readDeparture } from "../../system/state/departure.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import { uptime } from "../../system/uptime.ts";
import { type Sample, Sampler } from "./sample.ts";
import { StatusWatch } from "./status-watch.ts";

/** Guests that leave before the machine ends. */
export interface GuestsLeave {
  /** Whole seconds that guests have yet, or a person for an answer. */
  readonly secondsLeft: number;
  /** A sentence for each guest that stays; while there are none, guests are on their way. */
  readonly stays: readonly string[];
  /** What happens to jobs of Slurm meanwhile; absent while guests leave. */
  readonly slurm?: "wait" | "requeue";
}

/** A node and its view of the cluster, second by second: this node, another node, a recorded or a made-up one. */
export interface Source {
  /** A word for the screen on data that is not of this machine: "recorded". */
  readonly origin?: string;
  /** Takes one more sample; the caller does so once a second. */
  sample(): Promise<Sample>;
  status(): NodeStatus | undefined;
  cluster(): ClusterView | undefined;
  /** What of this node runs elsewhere, and what runs here for others; `undefined` where moves were never used. */
  moves(): MovesReport | undefined;
  /** Default `undefined`: the machine does not end. */
  departure?(): GuestsLeave | undefined;
  /** Milliseconds since 1970 at which all this holds, default now. */
  now?(): number;
  close(): void;
}

/** The node whose files are below `root`. */
export class LiveSource implements Source {
  readonly #sampler: Sampler;
  readonly #watch: StatusWatch;
  readonly #moves: MovesFile;
  readonly #root: string;

  /** `onChange` is called after each change of the node's status. */
  constructor(root: string, onChange: () => void) {
    this.#sampler = new Sampler(root);
    this.#watch = new StatusWatch(root, onChange);
    this.#moves = new MovesFile(root);
    this.#root = root;
  }

  sample(): Promise<Sample> {
    return this.#sampler.sample();
  }

  status(): NodeStatus | undefined {
    return this.#watch.latest();
  }

  cluster(): ClusterView | undefined {
    return this.#watch.cluster();
  }

  moves(): MovesReport | undefined {
    return this.#moves.read();
  }

  departure(): GuestsLeave | undefined {
    const departure = readDeparture(this.#root);
    if (departure === undefined) return undefined;
    const { untilUptime, ...rest } = departure;
    return { secondsLeft: Math.max(Math.ceil(untilUptime - uptime()), 0), ...rest };
  }

  close(): void {
    this.#watch.close();
  }
}
