/** Which path gives what. */

import type { Chronicle } from "./chronicle.ts";
import { EXPOSITION_TYPE } from "./exposition.ts";
import { formatPage } from "./html.ts";
import { formatMetrics } from "./metrics.ts";
import { PAGE_FILES } from "./page-files.ts";
import type { Present } from "./present.ts";
import { JSON_TYPE, PLAIN_TYPE, type Reply, refusal } from "./replies.ts";
import { formatText } from "./text.ts";

export const EVENTS_PATH = "/events";

const HTML_TYPE = "text/html; charset=utf-8";

const NO_CLUSTER = "Cannot show the cluster: this node takes part in none yet";
const NO_STATUS = "Cannot show the node: it has not reported its state yet";

/** The answer to a request for a path; `accept` is what its header of that name says. */
export function answerPath(path: string, accept: string, present: Present): Reply {
  const file = PAGE_FILES.get(path);
  if (file) return file;
  switch (path) {
    case "/":
      // A browser says it wants HTML; curl takes anything, and gets what a terminal can show.
      if (!accept.includes("text/html")) return { type: PLAIN_TYPE, text: formatText(present) };
      return { type: HTML_TYPE, text: formatPage(present) };
    case "/text":
      return { type: PLAIN_TYPE, text: formatText(present) };
    case "/metrics":
      return { type: EXPOSITION_TYPE, text: formatMetrics(present) };
    case "/api/cluster":
      return present.cluster ? json(present.cluster) : refusal(503, NO_CLUSTER);
    case "/api/node":
      return present.status ? json(present.status) : refusal(503, NO_STATUS);
    default:
      return refusal(404, "Cannot find that: there are /, /text, /metrics, /api/cluster and /api/node");
  }
}

function json(value: unknown): Reply {
  return { type: JSON_TYPE, text: `${JSON.stringify(value, undefined, 2)}\n` };
}

/** What the graphs of a page that was just opened begin with. */
export function historyTopic(chronicle: Chronicle) {
  return { name: "history", text: JSON.stringify(chronicle.past()) };
}
