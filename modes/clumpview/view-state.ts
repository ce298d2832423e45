import type { ClusterView } from "../../cluster/view.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import type { Notice } from "../access/notice.ts";
import type { Loads } from "../figures/load-history.ts";
import type { Sample } from "../sources/sample.ts";
import type { Choice } from "./choice.ts";

/** All that a page is drawn from. */
export interface ViewState {
  readonly status: NodeStatus | undefined;
  /** Absent while clumpd has not written it. */
  readonly cluster?: ClusterView | undefined;
  readonly sample: Sample;
  /** Shares of this node's processors and memory, oldest first. */
  readonly loads: readonly number[];
  readonly memories: readonly number[];
  /** The same of the processors of all nodes. */
  readonly clusterLoads: Loads;
  readonly choice: Choice;
  /** What ESC does, as the last line says it. */
  readonly leaving: string;
  /** Who may look in from outside, for the node's own screen. */
  readonly notice?: Notice | undefined;
  /** Where the data come from, if not from this machine. */
  readonly origin?: string | undefined;
  /** Seconds until this node shuts down. */
  readonly countdown?: number | undefined;
}

/** Whether there is anybody else. */
export function hasCompany({ cluster }: Pick<ViewState, "cluster">): boolean {
  return (cluster?.nodes.length ?? 0) > 1;
}
