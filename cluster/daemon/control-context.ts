/** What the answers of the control port are made from, and what an answer is. */

import type { MapEntry } from "../map/map.ts";
import type { ClusterView, NodeView } from "../view.ts";
import type { OwnState } from "./own-state.ts";

export interface ControlContext {
  /** This node first, with number 0 while it is not configured; empty while it has no address. */
  readonly nodes: () => readonly NodeView[];
  /** The nodes that may be in the cluster, heard or not. */
  readonly map: () => readonly MapEntry[];
  readonly view: () => ClusterView;
  readonly state: () => OwnState;
  readonly setState: (state: OwnState) => void;
}

export interface Reply {
  /** Lines without the last line end. */
  readonly text: string;
  /** 0, or 1 where the line could not be answered: the exit status of mosctl. */
  readonly code: number;
}
