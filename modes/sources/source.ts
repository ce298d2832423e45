/** Where the page gets what it shows. */

import type { ClusterView } from "../../cluster/view.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import { createSampler, type Sample } from "./sample.ts";
import { StatusWatch } from "./status-watch.ts";

/** A node and its view of the cluster, second by second: this one, one that was recorded, or one that is made up. */
export interface Source {
  /** What people should know about it: "recorded". */
  readonly origin?: string;
  /** One more reading; to be taken once a second. */
  sample(): Promise<Sample>;
  status(): NodeStatus | undefined;
  cluster(): ClusterView | undefined;
  close(): void;
}

/** The node below `root`; `onChange` is called when its status changed. */
export function createLiveSource(root: string, onChange: () => void): Source {
  const take = createSampler(root);
  const watch = new StatusWatch(root, onChange);
  return {
    sample: take,
    status: () => watch.latest(),
    cluster: () => watch.cluster(),
    close: () => watch.close(),
  };
}
