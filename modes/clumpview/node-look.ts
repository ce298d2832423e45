/** How the state of a node looks, in every drawing of nodes. */

import type { NodeView } from "../../cluster/view.ts";
import { COLOUR } from "../terminal/canvas.ts";

interface Look {
  readonly colour: number;
  /** What stands where its bar would, so that it is seen without colours. */
  readonly mark: string;
}

export const STATE_LOOKS: Readonly<Record<NodeView["state"], Look>> = {
  up: { colour: COLOUR.grey, mark: "" },
  silent: { colour: COLOUR.cyan, mark: "·" },
  suspect: { colour: COLOUR.yellow, mark: "?" },
  dead: { colour: COLOUR.rose, mark: "x" },
  left: { colour: COLOUR.dark, mark: "-" },
};

/** The first of so many nodes that are shown at once: the screen that has the marked one, the last one full. */
export function firstShown(nodes: readonly NodeView[], selected: string | undefined, most: number): number {
  const at = Math.max(
    nodes.findIndex(({ address }) => address === selected),
    0,
  );
  return Math.min(at - (at % Math.max(most, 1)), Math.max(nodes.length - most, 0));
}
