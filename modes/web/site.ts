/** The reply to each path. */

import { EXPOSITION_TYPE } from "./exposition.ts";
import type { ClusterHistory } from "./history.ts";
import { formatPage } from "./html.ts";
import { formatMetrics } from "./metrics.ts";
import { PAGE_FILES } from "./page-files.ts";
import { JSON_TYPE, PLAIN_TYPE, type Reply, refusal } from "./replies.ts";
import type { Snapshot } from "./snapshot.ts";
import { formatText } from "./text.ts";

export const EVENTS_PATH = "/events";

const HTML_TYPE = "text/html; charset=utf-8";

const NO_CLUSTER = "Cannot show the cluster: this node takes part in none yet";
const NO_STATUS = "Cannot show the node: it has not reported its state yet";

/** The reply for a path; `accept` is the request's header of that name. */
export function answerPath(path: string, accept: string, snapshot: Snapshot): Reply {
  const file = PAGE_FILES.get(path);
  if (file) return file;
  switch (path) {
    case "/":
      // A browser accepts HTML by name; curl accepts anything and gets plain text.
      if (!accept.includes("text/html")) return { type: PLAIN_TYPE, text: formatText(snapshot) };
      return { type: HTML_TYPE, text: formatPage(snapshot) };
    case "/text":
      return { type: PLAIN_TYPE, text: formatText(snapshot) };
    case "/metrics":
      return { type: EXPOSITION_TYPE, text: formatMetrics(snapshot) };
    case "/api/cluster":
      return snapshot.cluster ? json(snapshot.cluster) : refusal(503, NO_CLUSTER);
    case "/api/node":
      return snapshot.status ? json(snapshot.status) : refusal(503, NO_STATUS);
    default:
      return refusal(404, "Cannot find that: there are /, /text, /metrics, /api/cluster and /api/node");
  }
}

function json(value: unknown): Reply {
  return { type: JSON_TYPE, text: `${JSON.stringify(value, undefined, 2)}\n` };
}

/** The first event for a page: the history of its graphs. */
export function historyEvent(history: ClusterHistory) {
  return { name: "history", text: JSON.stringify(history.series()) };
}
