/** What those who look on are told of, made only while somebody does. */

import type { ClusterView } from "../../cluster/view.ts";
import { memoryShare, sumNodes } from "../figures/totals.ts";
import { clusterOf, nodeOf, type Present } from "./present.ts";
import type { Topic } from "./viewers.ts";

/** A function that gives every topic as it is now: the node, the cluster, and the beat that moves the graphs. */
export function createTopics(present: () => Present): () => readonly Topic[] {
  let written: { readonly view: ClusterView; readonly topic: Topic } | undefined;

  /** The view is the same object until it was read again. */
  function clusterTopic(view: ClusterView): Topic {
    if (written?.view !== view) {
      written = { view, topic: { name: "cluster", text: JSON.stringify(clusterOf(view)) } };
    }
    return written.topic;
  }

  return () => {
    const now = present();
    const node = { name: "node", text: JSON.stringify(nodeOf(now)) };
    if (now.cluster === undefined) return [node, beatTopic({ uptime: now.uptime })];
    const totals = sumNodes(now.cluster.nodes);
    const shares = { busy: totals.busy, memory: memoryShare(totals) };
    return [node, clusterTopic(now.cluster), beatTopic({ uptime: now.uptime, ...shares })];
  };
}

function beatTopic(beat: {
  readonly uptime: number;
  readonly busy?: number;
  readonly memory?: number;
}): Topic {
  return { name: "beat", text: JSON.stringify(beat) };
}
