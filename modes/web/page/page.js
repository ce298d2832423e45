/** The page: takes in what the node tells by server-sent events, and shows it. */

import { barAt, drawBars, drawHistory } from "./charts.js";
import { byId, element, showList, write } from "./dom.js";
import {
  describeStates,
  filterNodes,
  formatDuration,
  formatMemory,
  formatShare,
  isAlive,
  sortNodes,
} from "./rows.js";
import { MOST_ROWS, NodeTable } from "./table.js";

/** @typedef {import("./rows.js").ClusterNode} ClusterNode */
/** @typedef {{ readonly isOpen: boolean, readonly problems: readonly string[], readonly nodes: readonly ClusterNode[] }} Cluster */
/** @typedef {{ readonly version?: string, readonly hostname?: string, readonly mode?: string, readonly node?: number, readonly facts: readonly { readonly label: string, readonly text: string }[] }} OwnNode */

/** Readings of the graph, one a second, and of a node's own, one every ten. */
const SPAN = 600;
const NODE_SPAN = 60;
const NODE_EVERY = 10;
/** Without a word for so long the node is taken for gone. */
const SILENCE_SECONDS = 6;
/** Then it is asked anew: one that lost its power and came back knows nothing of the old connection, nor does ours. */
const ANEW_SECONDS = 20;
/** A refusal may end in a question for the password, which nobody wants every few seconds. */
const RETRY_MILLISECONDS = 30_000;

/** @type {OwnNode} */
let own = { facts: [] };
/** @type {Cluster} */
let cluster = { isOpen: false, problems: [], nodes: [] };
/** @type {{ busy: number[], memory: number[] }} */
let past = { busy: [], memory: [] };
/** @type {Map<string, number[]>} */
let nodePast = new Map();
let beats = 0;
let uptime = 0;
let heardAt = 0;
/** When the node was last asked; it has as long again to say something. */
let askedAt = 0;
/** @type {EventSource | undefined} */
let events;
/** @type {{ key: import("./rows.js").SortKey, isDescending: boolean }} */
let order = { key: "id", isDescending: false };

const filter = byId("filter", HTMLInputElement);
const onlyUp = byId("only-up", HTMLInputElement);
const bars = byId("bars", HTMLCanvasElement);
const table = new NodeTable(byId("rows", HTMLElement));

const surroundings = () => ({
  uptime: uptime + (performance.now() - heardAt) / 1000,
  past: (/** @type {string} */ address) => nodePast.get(address) ?? [],
  span: NODE_SPAN,
});

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
    ? [element("li", "open cluster: whoever is on this network may join", "warning")]
    : [];
  showList("problems", [...troubles.map(({ label, text }) => element("li", text, label)), ...open]);
}

function showCluster() {
  const { nodes } = cluster;
  const living = nodes.filter(isAlive);
  const sum = (/** @type {(node: ClusterNode) => number} */ of) =>
    living.reduce((all, node) => all + of(node), 0);
  const total = sum((node) => node.memoryTotal);
  write("total-nodes", `${living.length} of ${nodes.length}`);
  write("total-memory", formatMemory(total - sum((node) => node.memoryFree), total));
  write("total-processors", String(sum((node) => node.cpus)));
  drawBars(bars, sortNodes(nodes, { key: "id", isDescending: false }));
  showTable();
}

function showTable() {
  const wanted = filterNodes(cluster.nodes, { text: filter.value, isOnlyUp: onlyUp.checked });
  table.show(sortNodes(wanted, order), surroundings());
  const shown = Math.min(wanted.length, MOST_ROWS);
  const part = shown < cluster.nodes.length ? `${shown} shown of ` : "";
  write("shown", `${part}${describeStates(cluster.nodes)}`);
}

function showGraphs() {
  drawHistory(byId("history", HTMLCanvasElement), { ...past, span: SPAN });
  table.drawSparks(surroundings());
}

/**
 * @param {number[]} values
 * @param {number} value
 * @param {number} most
 */
function push(values, value, most) {
  values.push(value);
  if (values.length > most) values.shift();
}

/** @param {{ readonly uptime: number, readonly busy?: number, readonly memory?: number }} beat */
function takeBeat(beat) {
  uptime = beat.uptime;
  heardAt = performance.now();
  if (beat.busy === undefined || beat.memory === undefined) return;
  write("total-busy", formatShare(beat.busy));
  push(past.busy, beat.busy, SPAN);
  push(past.memory, beat.memory, SPAN);
  drawHistory(byId("history", HTMLCanvasElement), { ...past, span: SPAN });
  if (beats++ % NODE_EVERY !== 0) return;
  nodePast = new Map(
    cluster.nodes.map((node) => {
      const values = nodePast.get(node.address) ?? [];
      push(values, isAlive(node) ? node.busy : 0, NODE_SPAN);
      return [node.address, values];
    }),
  );
  table.drawSparks(surroundings());
}

/** @param {{ readonly busy: number[], readonly memory: number[], readonly nodes: Record<string, number[]> }} told */
function takeHistory({ busy, memory, nodes }) {
  const shares = (/** @type {number[]} */ thousandths) => thousandths.map((value) => value / 1000);
  past = { busy: shares(busy), memory: shares(memory) };
  nodePast = new Map(Object.entries(nodes).map(([address, values]) => [address, shares(values)]));
  // The past has the present in it.
  beats = 1;
}

/**
 * @param {string} text
 * @param {boolean} isLive
 */
function showLink(text, isLive) {
  write("link", text);
  document.body.classList.toggle("stale", !isLive);
}

function listen() {
  const source = new EventSource("/events");
  events = source;
  askedAt = performance.now();
  const on = (/** @type {string} */ name, /** @type {(data: any) => void} */ take) =>
    source.addEventListener(name, ({ data }) => take(JSON.parse(data)));
  on("history", takeHistory);
  on("node", (data) => {
    own = data;
    showNode();
  });
  on("cluster", (data) => {
    const isFirst = cluster.nodes.length === 0;
    cluster = data;
    showCluster();
    showNode();
    if (isFirst) showGraphs();
  });
  on("beat", (beat) => {
    takeBeat(beat);
    showNode();
    showLink("live", true);
  });
  source.onerror = () => {
    // The browser tries again by itself unless it was refused.
    if (source.readyState !== EventSource.CLOSED) {
      showLink("connection lost, trying again", false);
      return;
    }
    showLink("refused: the password may be another now, or too many look on", false);
    setTimeout(listen, RETRY_MILLISECONDS);
  };
}

function listenToPerson() {
  filter.addEventListener("input", showTable);
  onlyUp.addEventListener("change", showTable);
  for (const button of document.querySelectorAll("button[data-sort]")) {
    button.addEventListener("click", () => sortBy(button));
  }
  bars.addEventListener("pointermove", ({ offsetX }) => {
    const nodes = sortNodes(cluster.nodes, { key: "id", isDescending: false });
    const node = nodes[barAt({ x: offsetX, width: bars.clientWidth, count: nodes.length })];
    bars.title = node
      ? `node ${node.id || "--"}, ${node.address}: ${isAlive(node) ? formatShare(node.busy) : node.state}`
      : "";
  });
  addEventListener("resize", () => {
    drawBars(bars, sortNodes(cluster.nodes, { key: "id", isDescending: false }));
    showGraphs();
  });
}

/** @param {Element} button */
function sortBy(button) {
  const key = /** @type {import("./rows.js").SortKey} */ (button.getAttribute("data-sort"));
  // Amounts are read from the top down, names from the bottom up.
  const isDescending = order.key === key ? !order.isDescending : !["id", "address", "state"].includes(key);
  order = { key, isDescending };
  for (const header of document.querySelectorAll("th[aria-sort]")) header.removeAttribute("aria-sort");
  button.closest("th")?.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
  showTable();
  table.drawSparks(surroundings());
}

/** A node that lost its power says nothing of it: its connection stays open. */
function watchSilence() {
  if (events?.readyState !== EventSource.OPEN) return;
  const now = performance.now();
  const silent = (now - heardAt) / 1000;
  if (heardAt === 0 || silent <= SILENCE_SECONDS) return;
  showLink(`nothing heard for ${formatDuration(silent)}`, false);
  if ((now - Math.max(heardAt, askedAt)) / 1000 <= ANEW_SECONDS) return;
  events.close();
  listen();
}

byId("page", HTMLElement).hidden = false;
listenToPerson();
listen();
setInterval(watchSilence, 1_000);
