/** The list of who booted what: a table that is drawn anew on a terminal, a line for each step elsewhere. */

import { describeOptions, type NodeOptions } from "./nodes.ts";
import type { NodeSeen, Roll } from "./roll.ts";

const COLUMNS = { time: 10, mac: 19, ip: 17, stage: 25 } as const;

/** One line for a node. */
export function formatNode({ mac, ip, stage, at }: NodeSeen, options: string): string {
  return formatRow([at.toTimeString().slice(0, 8), mac, ip, stage, options]);
}

/** The whole roll, a title and a line for each node, in the order in which they came, no line wider than `width`. */
export function formatRoll(roll: Roll, nodes: NodeOptions, width: number): readonly string[] {
  const counted = `${roll.size} ${roll.size === 1 ? "node" : "nodes"} seen`;
  const title = formatRow(["since", "hardware address", "address", counted, "options"]);
  const rows = [...roll.values()].map((node) => formatNode(node, describeOptions(nodes, node.mac)));
  return [title, ...rows].map((line) => line.slice(0, width));
}

function formatRow(cells: readonly string[]): string {
  const widths = Object.values(COLUMNS);
  return cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join("")
    .trimEnd();
}

export interface RollScreen {
  /** A line that stays. */
  say(line: string): void;
  /** The roll as it is now; `node` is what changed. */
  show(node: NodeSeen, roll: Roll, nodes: NodeOptions): void;
}

/** Where it is shown: a stream as process.stdout. */
export interface RollTarget {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Without a terminal each step is a line; on one the table stands below all that was said, and moves down with it. */
export function createRollScreen(target: RollTarget): RollScreen {
  if (target.isTTY !== true) {
    return {
      say: (line) => void target.write(`${line}\n`),
      show: (node, _roll, nodes) =>
        void target.write(`${formatNode(node, describeOptions(nodes, node.mac))}\n`),
    };
  }
  let table: readonly string[] = [];
  const draw = (said: readonly string[], next: readonly string[]) => {
    // ECMA-48: cursor up, and erase to the end of the screen.
    const back = table.length === 0 ? "" : `\x1b[${table.length}A`;
    table = next;
    target.write(`${back}\r\x1b[J${[...said, ...next].map((line) => `${line}\n`).join("")}`);
  };
  return {
    say: (line) => draw(line.split("\n"), table),
    show(_node, roll, nodes) {
      const [title = "", ...rows] = formatRoll(roll, nodes, (target.columns ?? 80) - 1);
      // What has scrolled away cannot be drawn anew: the last that fit are those that still change.
      draw([], [title, ...rows.slice(-Math.max((target.rows ?? 25) - 2, 1))]);
    },
  };
}
