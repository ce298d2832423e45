/** What the answers of the control port are made from, and what an answer is. */

import type { MapEntry } from "../map/map.ts";
import type { MovesReport } from "../moves-report.ts";
import type { Sleeper } from "../power/hardware-addresses.ts";
import type { NodeOrder } from "../power/node-orders.ts";
import type { ClusterView, NodeView } from "../view.ts";
import type { OwnState } from "./own-state.ts";

export interface ControlContext {
  /** This node first, with number 0 while it is not configured; empty while it has no address. */
  readonly nodes: () => readonly NodeView[];
  /** The nodes that may be in the cluster, heard or not. */
  readonly map: () => readonly MapEntry[];
  readonly view: () => ClusterView;
  /** What has moved here or from here; `undefined` where moves were never used. */
  readonly moves: () => MovesReport | undefined;
  readonly state: () => OwnState;
  readonly setState: (state: OwnState) => void;
  readonly orders: PowerOrders;
}

/** What moves the machines of the cluster. */
export interface PowerOrders {
  /** Follows the order on this machine; the log names the asker. @throws the error of the system */
  readonly follow: (order: NodeOrder, asker: string) => void;
  /** The nodes with that number that were ever heard, or all that are not up. */
  readonly sleepers: (which: number | "all") => readonly Sleeper[];
  /** Sends Wake-on-LAN to these hardware addresses. */
  readonly wake: (macs: readonly number[]) => void;
}

export interface Reply {
  /** Lines without the last line end. */
  readonly text: string;
  /** 0, or 1 where the line could not be answered: the exit status of mosctl. */
  readonly code: number;
}
