/** The note above the footer: the marked node, a problem, or how the nodes are shown. */

import type { ClusterView, NodeView } from "../../cluster/view.ts";
import { MEASURES } from "../figures/measures.ts";
import { describeNodeLine } from "../figures/node-line.ts";
import { COLOUR } from "../terminal/canvas.ts";
import type { Choice } from "./choice.ts";
import { firstShown } from "./node-look.ts";
import type { ViewState } from "./view-state.ts";

/** The two drawings of nodes. */
export type Kind = "table" | "bars";

export interface Line {
  readonly text: string;
  readonly colour: number;
}

interface Shown {
  readonly cluster: ClusterView;
  /** The nodes that pass the filter, in order. */
  readonly nodes: readonly NodeView[];
  readonly kind: Kind;
  /** Nodes that fit on the page. */
  readonly capacity: number;
}

export function describeNote({ choice, status, sample }: ViewState, shown: Shown): Line | undefined {
  const { cluster, nodes, kind } = shown;
  const marked = nodes.find(({ address }) => address === choice.selected);
  if (marked && kind === "bars")
    return { text: describeNodeLine(marked, sample.uptime), colour: COLOUR.white };
  const problems = [...cluster.problems, ...(status?.problems ?? [])];
  const [problem, ...more] = problems;
  if (problem !== undefined) {
    const others = more.length > 0 ? `, and ${more.length} more` : "";
    return { text: `problem  ${problem}${others}`, colour: COLOUR.rose };
  }
  const words = [...describePosition(choice, shown), ...describeChoice(choice, shown)];
  return words.length === 0 ? undefined : { text: words.join(", "), colour: COLOUR.cyan };
}

/** "17 to 32 of 254", where not all nodes fit. */
function describePosition({ selected }: Choice, { nodes, capacity }: Shown): string[] {
  if (nodes.length <= capacity) return [];
  const first = firstShown(nodes, selected, capacity);
  return [`${first + 1} to ${first + capacity} of ${nodes.length}`];
}

function describeChoice(choice: Choice, { cluster, nodes, kind }: Shown): string[] {
  const isFiltered = choice.filter !== "" || choice.isTyping;
  return [
    ...(isFiltered || !choice.showsDead ? [`${nodes.length} of ${cluster.nodes.length} nodes`] : []),
    ...(isFiltered ? [`filter "${choice.filter}"`] : []),
    ...(choice.showsDead ? [] : ["without the dead"]),
    ...(choice.order === "node" ? [] : [`by ${choice.order}`]),
    ...(kind === "bars" ? [MEASURES[choice.measure].title] : []),
  ];
}
