/** The table of nodes. It has rows for the visible nodes alone, so that thousands of nodes cost no more than thirty. */

import { colourOf, drawSpark, readColours } from "./charts.js";
import { formatAmount, formatDuration, formatJobs, formatShare, isAlive, memoryShare } from "./rows.js";

/** Rows above and below the visible ones, for the moment between scrolling and drawing. */
const SPARE_ROWS = 8;
/** Pixels of a row, until one has been drawn. */
const FIRST_HEIGHT = 32;
/** Stands for what nobody knows of a node that does not gossip, or no longer does. */
const UNKNOWN = "-";
const CELLS = ["address", "state", "spark", "busy", "load", "memory", "cpus", "speed", "jobs", "age"];

/** @typedef {import("./rows.js").ClusterNode} ClusterNode */
/** @typedef {{ readonly element: HTMLTableRowElement, readonly cells: ReadonlyMap<string, HTMLElement>, readonly spark: HTMLCanvasElement, address: string }} Row */
/** @typedef {{ readonly uptime: number, readonly unit: import("./rows.js").Unit, readonly past: (address: string) => import("./charts.js").Shares, readonly span: number }} Surroundings */
/** @typedef {{ readonly scroller: HTMLElement, readonly above: HTMLElement, readonly body: HTMLElement, readonly below: HTMLElement }} Parts */

export class NodeTable {
  #parts;
  /** @type {Row[]} */
  #rows = [];
  /** @type {readonly ClusterNode[]} */
  #nodes = [];
  #surroundings;
  #rowHeight = FIRST_HEIGHT;
  /** @type {string | undefined} */
  #marked;

  /**
   * @param {Parts} parts
   * @param {() => Surroundings} surroundings
   */
  constructor(parts, surroundings) {
    this.#parts = parts;
    this.#surroundings = surroundings;
    parts.scroller.addEventListener("scroll", () => requestAnimationFrame(() => this.draw()));
  }

  /**
   * Shows these nodes in this order.
   * @param {readonly ClusterNode[]} nodes
   */
  show(nodes) {
    this.#nodes = nodes;
    this.draw();
  }

  /** Draws the visible rows. */
  draw() {
    this.#fill();
    const height = this.#rows[0]?.element.getBoundingClientRect().height;
    if (!height || height === this.#rowHeight) return;
    this.#rowHeight = height;
    this.#fill();
  }

  /**
   * Marks a node and scrolls to it, where the filter lets it through.
   * @param {string} address
   */
  reveal(address) {
    const index = this.#nodes.findIndex((node) => node.address === address);
    if (index < 0) return;
    this.#marked = address;
    const { scroller } = this.#parts;
    scroller.scrollTop = Math.max((index + 1.5) * this.#rowHeight - scroller.clientHeight / 2, 0);
    this.draw();
  }

  /** Draws the small graphs, which change less often than the rest. */
  drawSparks() {
    const { past, span } = this.#surroundings();
    const colour = readColours();
    for (const { address, spark } of this.#rows) drawSpark(spark, { values: past(address), span, colour });
  }

  #fill() {
    const { scroller, above, body, below } = this.#parts;
    const height = this.#rowHeight;
    const count = Math.ceil(scroller.clientHeight / height) + 2 * SPARE_ROWS;
    const last = Math.max(this.#nodes.length - count, 0);
    const first = Math.min(Math.max(Math.floor(scroller.scrollTop / height) - SPARE_ROWS, 0), last);
    const shown = this.#nodes.slice(first, first + count);
    setHeight(above, first * height);
    setHeight(below, (this.#nodes.length - first - shown.length) * height);
    for (const { element } of this.#rows.splice(shown.length)) element.remove();
    while (this.#rows.length < shown.length) this.#rows.push(addRow(body));
    const surroundings = this.#surroundings();
    const colour = readColours();
    for (const [index, node] of shown.entries()) {
      const row = /** @type {Row} */ (this.#rows[index]);
      row.element.setAttribute("aria-rowindex", String(first + index + 2));
      fill(row, node, surroundings);
      if (row.address !== node.address) {
        row.address = node.address;
        const { past, span } = surroundings;
        drawSpark(row.spark, { values: past(node.address), span, colour });
      }
      row.element.classList.toggle("marked", node.address === this.#marked);
    }
  }
}

/**
 * Makes the place of rows that are not drawn so high.
 * @param {HTMLElement} body
 * @param {number} height
 */
function setHeight(body, height) {
  const cell = body.querySelector("td");
  if (cell) cell.style.height = `${height}px`;
  body.hidden = height === 0;
}

/**
 * @param {HTMLElement} body
 * @returns {Row}
 */
function addRow(body) {
  const element = document.createElement("tr");
  const number = document.createElement("th");
  number.scope = "row";
  number.className = "number";
  number.append(document.createElement("span"), document.createElement("small"));
  element.append(number);
  const cells = new Map([["number", /** @type {HTMLElement} */ (number)]]);
  for (const name of CELLS) {
    const cell = element.insertCell();
    cell.className = name;
    cells.set(name, cell);
  }
  const spark = document.createElement("canvas");
  spark.setAttribute("aria-hidden", "true");
  cells.get("spark")?.append(spark);
  for (const name of ["busy", "memory"]) addMeter(/** @type {HTMLElement} */ (cells.get(name)));
  body.append(element);
  return { element, cells, spark, address: "" };
}

/**
 * A bar, and its amount as text.
 * @param {HTMLElement} cell
 */
function addMeter(cell) {
  const bar = document.createElement("span");
  bar.className = "meter";
  bar.setAttribute("aria-hidden", "true");
  bar.append(document.createElement("i"));
  const amount = document.createElement("div");
  amount.className = "amount";
  amount.append(bar, document.createElement("span"));
  cell.append(amount);
}

/**
 * Writes a node into a row, where the row does not show it already.
 * @param {Row} row
 * @param {ClusterNode} node
 * @param {Surroundings} surroundings
 */
function fill({ element, cells }, node, { uptime, unit }) {
  const alive = isAlive(node);
  element.className = `${node.state}${node.isSelf ? " self" : ""}`;
  const write = (/** @type {string} */ name, /** @type {string} */ text) => setText(cells.get(name), text);
  const [number, detail] = cells.get("number")?.children ?? [];
  setText(number, String(node.id || "--"));
  // A narrow screen has no column of addresses.
  setText(detail, node.address);
  write("address", node.address);
  write("state", node.state);
  write("load", alive ? node.load.toFixed(2) : UNKNOWN);
  write("cpus", String(node.cpus || UNKNOWN));
  write("speed", String(node.speed || UNKNOWN));
  write("jobs", alive ? formatJobs(node) : "");
  write("age", `${formatDuration(uptime - node.heardUptime)} ago`);
  const used = node.memoryTotal - node.memoryFree;
  const memory = `${formatAmount(used, unit)} of ${formatAmount(node.memoryTotal, unit)}`;
  setMeter(cells.get("busy"), alive ? node.busy : undefined, formatShare(node.busy));
  setMeter(cells.get("memory"), alive ? memoryShare(node) : undefined, memory);
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
  const [bar, label] = cell?.firstElementChild?.children ?? [];
  const fill = bar?.firstElementChild;
  if (!(bar instanceof HTMLElement) || !(fill instanceof HTMLElement)) return;
  bar.hidden = share === undefined;
  fill.style.width = `${Math.round((share ?? 0) * 100)}%`;
  fill.className = colourOf(share ?? 0);
  setText(label, share === undefined ? UNKNOWN : text);
}
