/** The state of the node as server-sent events; they are made only while a page is open. */

import type { ClusterView } from "../../cluster/view.ts";
import { memoryShare, sumNodes } from "../figures/totals.ts";
import { clusterOf, jobsOf, nodeOf, type Snapshot } from "./snapshot.ts";
import type { ServerEvent } from "./viewers.ts";

export class SnapshotEvents {
  readonly #snapshot: () => Snapshot;
  /** The last cluster event, and the view that it was made from. */
  #cached: { readonly view: ClusterView; readonly event: ServerEvent } | undefined;

  constructor(snapshot: () => Snapshot) {
    this.#snapshot = snapshot;
  }

  /** The events of this moment: the node, the cluster, and the beat that moves the graphs. */
  current(): readonly ServerEvent[] {
    const snapshot = this.#snapshot();
    const { cluster, uptime, now } = snapshot;
    const jobs = jobsOf(snapshot);
    const news = [
      { name: "node", text: JSON.stringify(nodeOf(snapshot)) },
      ...(jobs === undefined ? [] : [{ name: "jobs", text: JSON.stringify(jobs) }]),
    ];
    if (cluster === undefined) return [...news, beatEvent({ uptime, now })];
    const totals = sumNodes(cluster.nodes);
    const beat = beatEvent({ uptime, now, busy: totals.busy, memory: memoryShare(totals) });
    return [...news, this.#clusterEvent(cluster), beat];
  }

  /** A view is the same object until it is read again, so one object is formatted once. */
  #clusterEvent(view: ClusterView): ServerEvent {
    if (this.#cached?.view !== view) {
      this.#cached = { view, event: { name: "cluster", text: JSON.stringify(clusterOf(view)) } };
    }
    return this.#cached.event;
  }
}

function beatEvent(beat: {
  readonly uptime: number;
  readonly now: number;
  readonly busy?: number;
  readonly memory?: number;
}): ServerEvent {
  return { name: "beat", text: JSON.stringify(beat) };
}
