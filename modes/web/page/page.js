/** The page: takes the node's events and shows them. */

import { barAt, drawBars } from "./bars.js";
import { drawHistory } from "./charts.js";
import { Connection } from "./connection.js";
import { byId, element, showList, write } from "./dom.js";
import { showJobs } from "./jobs.js";
import {
  busyOf,
  describeStates,
  filterNodes,
  formatAmount,
  formatDuration,
  formatShare,
  isAlive,
  memoryUnit,
  sortNodes,
} from "./rows.js";
import { NodeTable } from "./table.js";

/** @typedef {import("./rows.js").ClusterNode} ClusterNode */
/** @typedef {{ readonly isOpen: boolean, readonly problems: readonly string[], readonly nodes: readonly ClusterNode[] }} Cluster */
/** @typedef {{ readonly version?: string, readonly hostname?: string, readonly mode?: string, readonly node?: number, readonly facts: readonly { readonly label: string, readonly text: string }[] }} OwnNode */

/** Samples of the cluster, one a second, and of a node, one every ten seconds. */
const SPAN = 600;
const NODE_SPAN = 60;
const NODE_EVERY = 10;

/** A total of which nothing is known, as before the first event. */
const UNKNOWN = "--";

/** @type {OwnNode} */
let own = { facts: [] };
/** @type {Cluster} */
let cluster = { isOpen: false, problems: [], nodes: [] };
/** @type {{ busy: (number | null)[], memory: (number | null)[] }} */
let past = { busy: [], memory: [] };
/** @type {Map<string, (number | null)[]>} */
let nodePast = new Map();
let beats = 0;
/** @type {import("./jobs.js").Jobs} */
let jobs = { total: "", jobs: [] };
/** Uptime of the node, and the time on this page at which the node said so. */
let uptime = 0;
let beatAt = 0;
/** @type {{ key: import("./rows.js").SortKey, isDescending: boolean }} */
let order = { key: "id", isDescending: false };

const filter = byId("filter", HTMLInputElement);
const onlyUp = byId("only-up", HTMLInputElement);
const bars = byId("bars", HTMLCanvasElement);
const history = byId("history", HTMLCanvasElement);
const table = new NodeTable(
  {
    scroller: byId("scroll", HTMLElement),
    above: byId("above", HTMLElement),
    body: byId("rows", HTMLElement),
    below: byId("below", HTMLElement),
  },
  () => ({
    uptime: uptime + (performance.now() - beatAt) / 1000,
    unit: memoryUnit(Math.max(0, ...cluster.nodes.map(({ memoryTotal }) => memoryTotal))),
    past: (address) => nodePast.get(address) ?? [],
    span: NODE_SPAN,
  }),
);

function showNode() {
  const number = own.node === undefined ? "--" : String(own.node);
  write("number", number);
  write("name", own.hostname ?? "clump");
  const mode = own.mode ? `${own.mode} mode, ` : "";
  write("about", `${mode}up ${formatDuration(uptime)}${own.version ? `, clump ${own.version}` : ""}`);
  document.title = own.node === undefined ? "clump" : `node ${number}, clump`;
  const facts = own.facts.filter(({ label }) => label !== "problem" && label !== "warning");
  showList(
    "facts",
    facts.flatMap(({ label, text }) => [element("dt", label || "state"), element("dd", text)]),
  );
  const troubles = own.facts.filter(({ label }) => label === "problem" || label === "warning");
  const open = cluster.isOpen
    ? [element("li", "open cluster: any machine on this network may join", "warning")]
    : [];
  showList("problems", [...troubles.map(({ label, text }) => element("li", text, label)), ...open]);
}

/** @returns {ClusterNode[]} */
function byNumber() {
  return sortNodes(cluster.nodes, { key: "id", isDescending: false });
}

function showCluster() {
  const { nodes } = cluster;
  const living = nodes.filter(isAlive);
  const sum = (/** @type {(node: ClusterNode) => number} */ of) =>
    living.reduce((all, node) => all + of(node), 0);
  const total = sum((node) => node.memoryTotal);
  const used = total - sum((node) => node.memoryFree);
  const unit = memoryUnit(total);
  write("total-nodes", `${living.length} of ${nodes.length}`);
  const memory = `${formatAmount(used, unit)} of ${formatAmount(total, unit)} ${unit.name}`;
  write("total-memory", living.length > 0 ? memory : UNKNOWN);
  write("total-processors", String(sum((node) => node.cpus) || UNKNOWN));
  for (const state of ["suspect", "silent", "dead", "left"]) {
    const entry = document.querySelector(`.legend .${state}`);
    entry?.toggleAttribute("hidden", !nodes.some((node) => node.state === state));
  }
  drawBars(bars, byNumber());
  showTable();
}

function showTable() {
  const wanted = filterNodes(cluster.nodes, { text: filter.value, isOnlyUp: onlyUp.checked });
  write("unit", memoryUnit(Math.max(0, ...cluster.nodes.map(({ memoryTotal }) => memoryTotal))).name);
  table.show(sortNodes(wanted, order));
  const part = wanted.length < cluster.nodes.length ? `${wanted.length} shown of ` : "";
  write("shown", `${part}${describeStates(cluster.nodes)}`);
}

function showGraphs() {
  drawHistory(history, { ...past, span: SPAN });
  table.drawSparks();
}

/**
 * @param {(number | null)[]} values
 * @param {number | null} value null where it is not known
 * @param {number} most
 */
function push(values, value, most) {
  values.push(value);
  if (values.length > most) values.shift();
}

/** @param {{ readonly uptime: number, readonly now: number, readonly busy?: number, readonly memory?: number }} beat */
function takeBeat(beat) {
  uptime = beat.uptime;
  beatAt = performance.now();
  showNode();
  showJobs(jobs, beat.now);
  if (beat.busy === undefined || beat.memory === undefined) return;
  const isKnown = cluster.nodes.some(isAlive);
  write("total-busy", isKnown ? formatShare(beat.busy) : UNKNOWN);
  push(past.busy, isKnown ? beat.busy : null, SPAN);
  push(past.memory, isKnown ? beat.memory : null, SPAN);
  drawHistory(history, { ...past, span: SPAN });
  if (beats++ % NODE_EVERY !== 0) return;
  nodePast = new Map(
    cluster.nodes.map((node) => {
      const values = nodePast.get(node.address) ?? [];
      push(values, busyOf(node), NODE_SPAN);
      return [node.address, values];
    }),
  );
  table.drawSparks();
}

/** @typedef {(number | null)[]} Thousandths null where a share was not known */

/** @param {{ readonly busy: Thousandths, readonly memory: Thousandths, readonly nodes: Record<string, Thousandths> }} series */
function takeHistory({ busy, memory, nodes }) {
  const shares = (/** @type {Thousandths} */ thousandths) =>
    thousandths.map((value) => (value === null ? null : value / 1000));
  past = { busy: shares(busy), memory: shares(memory) };
  nodePast = new Map(Object.entries(nodes).map(([address, values]) => [address, shares(values)]));
  // The history includes the current sample.
  beats = 1;
}

/** @param {Cluster} next */
function takeCluster(next) {
  const isFirst = cluster.nodes.length === 0;
  cluster = next;
  showCluster();
  showNode();
  if (isFirst) showGraphs();
}

/** @param {MouseEvent} event */
function nodeAt({ offsetX, offsetY }) {
  const nodes = byNumber();
  return nodes[barAt({ x: offsetX, y: offsetY, width: bars.clientWidth, count: nodes.length })];
}

/** @param {MouseEvent} event */
function readBar(event) {
  const node = nodeAt(event);
  const amount = node && (isAlive(node) ? `${formatShare(node.busy)} busy` : node.state);
  write("readout", node ? `node ${node.id || "--"}, ${node.address}: ${amount}` : "");
}

/** @param {Element} button */
function sortBy(button) {
  const key = /** @type {import("./rows.js").SortKey} */ (button.getAttribute("data-sort"));
  // Amounts begin with the highest, names with the lowest.
  const isDescending = order.key === key ? !order.isDescending : !["id", "address", "state"].includes(key);
  order = { key, isDescending };
  for (const header of document.querySelectorAll("th[aria-sort]")) header.removeAttribute("aria-sort");
  button.closest("th")?.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
  showTable();
}

function redraw() {
  drawBars(bars, byNumber());
  table.draw();
  showGraphs();
}

function listenToPerson() {
  filter.addEventListener("input", showTable);
  onlyUp.addEventListener("change", showTable);
  for (const button of document.querySelectorAll("button[data-sort]")) {
    button.addEventListener("click", () => sortBy(button));
  }
  bars.addEventListener("pointermove", readBar);
  bars.addEventListener("pointerleave", () => write("readout", ""));
  bars.addEventListener("click", (event) => {
    readBar(event);
    const node = nodeAt(event);
    if (node) table.reveal(node.address);
  });
  addEventListener("resize", redraw);
}

// A telephone has no room for the facts beside the nodes; a tap shows them.
const facts = document.querySelector("#self details");
if (matchMedia("(width < 70rem)").matches) facts?.removeAttribute("open");
byId("page", HTMLElement).hidden = false;
listenToPerson();
new Connection({
  history: takeHistory,
  node: (data) => {
    own = data;
    showNode();
  },
  jobs: (data) => {
    jobs = data;
  },
  cluster: takeCluster,
  beat: takeBeat,
});
