/** The table of nodes: its rows are kept and only what changed is written. */

import { colourOf, drawSpark } from "./charts.js";
import { formatDuration, formatMemory, formatShare, isAlive, memoryShare } from "./rows.js";

/** Rows beyond these would make the page slow; the filter finds the others. */
export const MOST_ROWS = 512;

/** Columns that a narrow screen has no room for. */
const WIDE = ["spark", "load", "cpus", "speed", "age"];
const CELLS = ["address", "state", "spark", "busy", "load", "memory", "cpus", "speed", "age"];

/** @typedef {import("./rows.js").ClusterNode} ClusterNode */
/** @typedef {{ readonly element: HTMLTableRowElement, readonly cells: ReadonlyMap<string, HTMLElement>, readonly spark: HTMLCanvasElement }} Row */
/** @typedef {{ readonly uptime: number, readonly past: (address: string) => readonly number[], readonly span: number }} Surroundings */

export class NodeTable {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #body;

  /** @param {HTMLElement} body */
  constructor(body) {
    this.#body = body;
  }

  /**
   * Shows these nodes in this order.
   * @param {readonly ClusterNode[]} nodes
   * @param {Surroundings} surroundings
   */
  show(nodes, surroundings) {
    const shown = nodes.slice(0, MOST_ROWS);
    const addresses = new Set(shown.map(({ address }) => address));
    for (const [address, { element }] of this.#rows) {
      if (addresses.has(address)) continue;
      element.remove();
      this.#rows.delete(address);
    }
    for (const [index, node] of shown.entries()) {
      const row = this.#row(node.address);
      const there = this.#body.children[index];
      if (there !== row.element) this.#body.insertBefore(row.element, there ?? null);
      fill(row, node, surroundings);
    }
  }

  /**
   * Draws the small graphs, which move more slowly than the rest.
   * @param {Surroundings} surroundings
   */
  drawSparks({ past, span }) {
    for (const [address, { spark }] of this.#rows) drawSpark(spark, past(address), span);
  }

  /** @param {string} address */
  #row(address) {
    const known = this.#rows.get(address);
    if (known) return known;
    const row = makeRow();
    this.#rows.set(address, row);
    return row;
  }
}

/** @returns {Row} */
function makeRow() {
  const element = document.createElement("tr");
  const number = document.createElement("th");
  number.scope = "row";
  element.append(number);
  const cells = new Map([["number", /** @type {HTMLElement} */ (number)]]);
  for (const name of CELLS) {
    const cell = element.insertCell();
    if (WIDE.includes(name)) cell.className = "wide";
    cells.set(name, cell);
  }
  const spark = document.createElement("canvas");
  spark.setAttribute("aria-hidden", "true");
  cells.get("spark")?.append(spark);
  for (const name of ["busy", "memory"]) addMeter(/** @type {HTMLElement} */ (cells.get(name)));
  return { element, cells, spark };
}

/**
 * A bar with its amount as text behind it.
 * @param {HTMLElement} cell
 */
function addMeter(cell) {
  const bar = document.createElement("span");
  bar.className = "meter";
  bar.setAttribute("aria-hidden", "true");
  bar.append(document.createElement("i"));
  cell.append(bar, document.createElement("span"));
}

/**
 * @param {Row} row
 * @param {ClusterNode} node
 * @param {Surroundings} surroundings
 */
function fill({ element, cells }, node, { uptime }) {
  const alive = isAlive(node);
  element.className = `${node.state}${node.isSelf ? " self" : ""}`;
  const write = (/** @type {string} */ name, /** @type {string} */ text) => setText(cells.get(name), text);
  write("number", `${node.id || "--"}${node.isSelf ? " (this one)" : ""}`);
  write("address", node.address);
  write("state", node.state);
  write("load", alive ? (node.load / 100).toFixed(2) : "");
  write("cpus", alive ? String(node.cpus) : "");
  write("speed", alive ? String(node.speed) : "");
  write("age", `${formatDuration(uptime - node.heardUptime)} ago`);
  const used = node.memoryTotal - node.memoryFree;
  setMeter(cells.get("busy"), alive ? node.busy : undefined, formatShare(node.busy));
  setMeter(cells.get("memory"), alive ? memoryShare(node) : undefined, formatMemory(used, node.memoryTotal));
}

/**
 * @param {Element | undefined} element
 * @param {string} text
 */
function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/**
 * @param {HTMLElement | undefined} cell
 * @param {number | undefined} share
 * @param {string} text
 */
function setMeter(cell, share, text) {
  const [bar, label] = cell?.children ?? [];
  const fill = bar?.firstElementChild;
  if (!(bar instanceof HTMLElement) || !(fill instanceof HTMLElement)) return;
  bar.hidden = share === undefined;
  fill.style.width = `${Math.round((share ?? 0) * 100)}%`;
  fill.className = colourOf(share ?? 0);
  setText(label, share === undefined ? "" : text);
}
