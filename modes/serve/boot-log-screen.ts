/** The boot log on a terminal, as a table that is drawn anew; elsewhere as one line for each stage. */

import { isDumb } from "../terminal/own-terminal.ts";
import type { BootLog, SeenNode } from "./boot-log.ts";
import { describeOptions, type NodeOptions } from "./nodes.ts";

const COLUMNS = { time: 10, mac: 19, ip: 17, stage: 25 } as const;

/** One line for a node. */
export function formatNode({ mac, ip, stage, at }: SeenNode, options: string): string {
  return formatRow([at.toTimeString().slice(0, 8), mac, ip, stage, options]);
}

/** The whole log: a title, then a line for each node in the order of the log, each cut to `width` columns. */
export function formatBootLog(log: BootLog, nodes: NodeOptions, width: number): readonly string[] {
  const counted = `${log.size} ${log.size === 1 ? "node" : "nodes"} seen`;
  const title = formatRow(["since", "hardware address", "address", counted, "options"]);
  const rows = [...log.values()].map((node) => formatNode(node, describeOptions(nodes, node.mac)));
  return [title, ...rows].map((line) => line.slice(0, width));
}

function formatRow(cells: readonly string[]): string {
  const widths = Object.values(COLUMNS);
  return cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join("")
    .trimEnd();
}

/** An output stream such as process.stdout. */
export interface ScreenTarget {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export class BootLogScreen {
  readonly #target: ScreenTarget;
  /** Whether the target can draw a table over itself. */
  readonly #isTerminal: boolean;
  /** The lines of the table on the terminal; it stands below all messages and moves down with them. */
  #table: readonly string[] = [];

  constructor(target: ScreenTarget, environment = process.env) {
    this.#target = target;
    this.#isTerminal = target.isTTY === true && !isDumb(environment);
  }

  /** Writes a message that stays. */
  say(message: string): void {
    if (this.#isTerminal) this.#draw(message.split("\n"), this.#table);
    else this.#target.write(`${message}\n`);
  }

  /** Shows the log; `node` is its entry that changed. */
  show(node: SeenNode, log: BootLog, nodes: NodeOptions): void {
    const { columns = 80, rows = 25 } = this.#target;
    if (!this.#isTerminal) {
      this.#target.write(`${formatNode(node, describeOptions(nodes, node.mac))}\n`);
      return;
    }
    const [title = "", ...lines] = formatBootLog(log, nodes, columns - 1);
    // Lines that have scrolled away cannot be drawn anew, so the table has only the last lines that fit.
    this.#draw([], [title, ...lines.slice(-Math.max(rows - 2, 1))]);
  }

  #draw(messages: readonly string[], table: readonly string[]): void {
    // ECMA-48: cursor up (CUU), and erase to the end of the screen (ED).
    const back = this.#table.length === 0 ? "" : `\x1b[${this.#table.length}A`;
    this.#table = table;
    this.#target.write(`${back}\r\x1b[J${[...messages, ...table].map((line) => `${line}\n`).join("")}`);
  }
}
