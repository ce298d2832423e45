/** Filters, sorts and formats nodes, without any use of the page. */

/**
 * @typedef {object} ClusterNode
 * @property {number} id 0 for a node without a number
 * @property {string} address
 * @property {string} state
 * @property {boolean} isSelf
 * @property {number} load 1 is one process on a standard processor
 * @property {number} busy share, 0 to 1
 * @property {number} cpus
 * @property {number} speed
 * @property {number} memoryFree bytes
 * @property {number} memoryTotal
 * @property {number} [guests] processes of other nodes that run on it
 * @property {number} [away] processes of it that run on other nodes
 * @property {number} heardUptime seconds
 * @property {string} version
 */

/** @typedef {"id" | "address" | "state" | "busy" | "load" | "memory" | "cpus" | "speed" | "jobs" | "age"} SortKey */

/** @param {{ readonly state: string }} node */
export function isAlive({ state }) {
  return state === "up" || state === "suspect";
}

/**
 * The share of a node that is busy: a dead node is idle, and of a silent node it is not known.
 * @param {{ readonly state: string, readonly busy: number }} node
 */
export function busyOf(node) {
  if (isAlive(node)) return node.busy;
  return node.state === "silent" ? null : 0;
}

/**
 * The share of its memory that a node uses.
 * @param {ClusterNode} node
 */
export function memoryShare({ memoryFree, memoryTotal }) {
  return memoryTotal > 0 ? 1 - memoryFree / memoryTotal : 0;
}

const STATES = ["up", "suspect", "silent", "dead", "left"];

/** @type {Record<SortKey, (node: ClusterNode) => number>} */
const AMOUNTS = {
  id: ({ id }) => id,
  address: ({ address }) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0),
  state: ({ state }) => STATES.indexOf(state),
  busy: (node) => (isAlive(node) ? node.busy : -1),
  load: (node) => (isAlive(node) ? node.load : -1),
  memory: (node) => (isAlive(node) ? memoryShare(node) : -1),
  cpus: ({ cpus }) => cpus,
  speed: ({ speed }) => speed,
  jobs: ({ guests = 0, away = 0 }) => guests + away,
  age: ({ heardUptime }) => -heardUptime,
};

/**
 * Sorts by a column; equal nodes by their numbers.
 * @param {readonly ClusterNode[]} nodes
 * @param {{ readonly key: SortKey, readonly isDescending: boolean }} order
 */
export function sortNodes(nodes, { key, isDescending }) {
  const amount = AMOUNTS[key];
  const sign = isDescending ? -1 : 1;
  return [...nodes].sort((a, b) => sign * (amount(a) - amount(b)) || a.id - b.id);
}

/**
 * Keeps nodes that match every word: the begin of their number or state, or a part of their address.
 * @param {readonly ClusterNode[]} nodes
 * @param {{ readonly text: string, readonly isOnlyUp: boolean }} wanted
 */
export function filterNodes(nodes, { text, isOnlyUp }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return nodes.filter((node) => (!isOnlyUp || isAlive(node)) && words.every((word) => hasWord(node, word)));
}

/**
 * @param {ClusterNode} node
 * @param {string} word
 */
function hasWord({ id, address, state }, word) {
  // Digits alone would match most addresses of a network.
  if (/^\d+$/.test(word)) return String(id).startsWith(word);
  return address.includes(word) || state.startsWith(word);
}

/**
 * "3/2": guests, and processes that are away; nothing where there is neither.
 * @param {ClusterNode} node
 */
export function formatJobs({ guests = 0, away = 0 }) {
  return guests + away === 0 ? "" : `${guests}/${away}`;
}

/** @param {readonly ClusterNode[]} nodes */
export function describeStates(nodes) {
  return STATES.flatMap((state) => {
    const count = nodes.filter((node) => node.state === state).length;
    return count > 0 ? [`${count} ${state}`] : [];
  }).join(", ");
}

/** @param {number} share */
export function formatShare(share) {
  return `${Math.round(share * 100)} %`;
}

/** @typedef {{ readonly name: string, readonly size: number, readonly digits: number }} Unit */

/**
 * The unit for amounts of memory of which this is the largest: a column has one unit.
 * @param {number} largest bytes
 * @returns {Unit}
 */
export function memoryUnit(largest) {
  return largest < 2 * 2 ** 30
    ? { name: "MB", size: 2 ** 20, digits: 0 }
    : { name: "GB", size: 2 ** 30, digits: largest < 1_000 * 2 ** 30 ? 1 : 0 };
}

/**
 * "3.4", in a unit.
 * @param {number} bytes
 * @param {Unit} unit
 */
export function formatAmount(bytes, { size, digits }) {
  return (bytes / size).toFixed(digits);
}

/**
 * "2 d 3 h", "13 min", "4 s".
 * @param {number} seconds
 */
export function formatDuration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86_400) return `${Math.floor(whole / 3_600)} h ${Math.floor(whole / 60) % 60} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor(whole / 3_600) % 24} h`;
}
