/** The age of a view: clumpd writes it every second, so a view that stays as it is tells nothing of the nodes. */

import { formatDuration } from "../system/amounts.ts";
import { isAlive } from "./gossip/entry.ts";
import type { ClusterView } from "./view.ts";

const PAUSE_MILLISECONDS = 1_000;
const PAUSE_MILLISECONDS_A_NODE = 5;
const LONGEST_PAUSE_MILLISECONDS = 10_000;

/** Milliseconds between two writings of the view: the more, the more nodes there are, up to a limit. */
export function writePause(nodes: number): number {
  return Math.min(
    Math.max(PAUSE_MILLISECONDS, nodes * PAUSE_MILLISECONDS_A_NODE),
    LONGEST_PAUSE_MILLISECONDS,
  );
}

/** Seconds; clumpd restarts faster than this after a crash. */
const LONGEST_SILENCE = 10;

/**
 * The view as it holds `now`, in seconds since the start of the kernel. In an old view, and in that of a clumpd that was
 * stopped, every living node is "silent", this node too, and the first problem says why.
 */
export function viewAsOf(view: ClusterView, now: number): ClusterView {
  const problem = describeSilence(view, now);
  return problem === undefined ? view : outdatedView(view, problem);
}

/** The view where nothing newer is known of the nodes, for the reason of `problem`. */
export function outdatedView(view: ClusterView, problem: string): ClusterView {
  return {
    ...view,
    nodes: view.nodes.map((node) => (isAlive(node.state) ? { ...node, state: "silent" } : node)),
    problems: [problem, ...view.problems],
  };
}

function describeSilence(view: ClusterView, now: number): string | undefined {
  const { stoppedUptime } = view;
  if (stoppedUptime !== undefined) {
    const since = formatDuration(Math.max(now - stoppedUptime, 0));
    return `clumpd was stopped ${since} ago: nothing newer is known of the nodes; clump start clumpd goes on`;
  }
  const silence = viewAge(view, now);
  if (silence < LONGEST_SILENCE) return undefined;
  return `clumpd has been silent for ${formatDuration(silence)}: nothing newer is known of the nodes`;
}

/** Seconds since clumpd wrote the view. */
export function viewAge({ nodes }: Pick<ClusterView, "nodes">, now: number): number {
  const own = nodes.find(({ isSelf }) => isSelf);
  return own === undefined ? 0 : Math.max(now - own.heardUptime, 0);
}
