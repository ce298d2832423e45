/** The look of each state of a node, for all drawings. */

import type { NodeView } from "../../cluster/view.ts";
import { COLOUR } from "../terminal/canvas.ts";

interface Look {
  readonly colour: number;
  /** The character in the place of the bar, visible without colours. */
  readonly mark: string;
}

export const STATE_LOOKS: Readonly<Record<NodeView["state"], Look>> = {
  up: { colour: COLOUR.grey, mark: "" },
  silent: { colour: COLOUR.cyan, mark: "·" },
  suspect: { colour: COLOUR.yellow, mark: "?" },
  dead: { colour: COLOUR.rose, mark: "x" },
  left: { colour: COLOUR.dark, mark: "-" },
};

/** Index of the first node on the screen: the screen with the marked node; the last screen is full. */
export function firstShown(nodes: readonly NodeView[], selected: string | undefined, most: number): number {
  const at = Math.max(
    nodes.findIndex(({ address }) => address === selected),
    0,
  );
  return Math.min(at - (at % Math.max(most, 1)), Math.max(nodes.length - most, 0));
}
