import type { MovesReport } from "../../cluster/moves-report.ts";
import type { ClusterView } from "../../cluster/view.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import type { Notice } from "../access/notice.ts";
import type { Shares } from "../figures/history.ts";
import type { Loads } from "../figures/load-history.ts";
import type { Sample } from "../sources/sample.ts";
import type { GuestsLeave } from "../sources/source.ts";
import type { Choice } from "./choice.ts";

/** The data that a page is drawn from. */
export interface ViewState {
  readonly status: NodeStatus | undefined;
  /** Absent until clumpd has written its view. */
  readonly cluster?: ClusterView | undefined;
  /** Absent where moves were never used. */
  readonly moves?: MovesReport | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly sample: Sample;
  /** Shares of this node's processors and memory, oldest first. */
  readonly loads: Shares;
  readonly memories: Shares;
  /** The loads of all nodes. */
  readonly clusterLoads: Loads;
  readonly choice: Choice;
  /** The effect of ESC, for the footer: "[ESC] shut this node down". */
  readonly leaving: string;
  /** Why the latest key changed nothing, in the place of the keys. */
  readonly hint?: string | undefined;
  /** Whether a key opens a shell on this terminal. */
  readonly opensShells?: boolean | undefined;
  /** The notice on viewers, for a node's own screen. */
  readonly notice?: Notice | undefined;
  /** The origin of data that is not of this machine. */
  readonly origin?: string | undefined;
  /** Guests that leave before this node shuts down. */
  readonly departure?: GuestsLeave | undefined;
  /** Seconds until shutdown, while the countdown runs. */
  readonly countdown?: number | undefined;
}

/** Whether the page of this node is the chosen one; "auto" shows it for a node alone or without an address. */
export function showsNodePage({
  cluster,
  status,
  choice,
}: Pick<ViewState, "cluster" | "status" | "choice">): boolean {
  if (choice.page === "jobs") return false;
  if (cluster === undefined || choice.page === "node") return true;
  return choice.page === "auto" && (!hasCompany({ cluster }) || status?.address === undefined);
}

/** Whether the cluster has other nodes. */
export function hasCompany({ cluster }: Pick<ViewState, "cluster">): boolean {
  return (cluster?.nodes.length ?? 0) > 1;
}
