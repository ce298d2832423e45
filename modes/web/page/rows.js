/** Which nodes are shown, in which order, and how amounts read. Nothing here knows of the page. */

/**
 * @typedef {object} ClusterNode
 * @property {number} id 0 while it has none
 * @property {string} address
 * @property {string} state
 * @property {boolean} isSelf
 * @property {number} load 100 is one process for each standard processor
 * @property {number} busy share, 0 to 1
 * @property {number} cpus
 * @property {number} speed
 * @property {number} memoryFree bytes
 * @property {number} memoryTotal
 * @property {number} heardUptime seconds
 * @property {string} version
 */

/** @typedef {"id" | "address" | "state" | "busy" | "load" | "memory" | "cpus" | "speed" | "age"} SortKey */

/** @param {{ readonly state: string }} node */
export function isAlive({ state }) {
  return state === "up" || state === "suspect";
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
  age: ({ heardUptime }) => -heardUptime,
};

/**
 * Sorts by a column; of equals the lower number comes first.
 * @param {readonly ClusterNode[]} nodes
 * @param {{ readonly key: SortKey, readonly isDescending: boolean }} order
 */
export function sortNodes(nodes, { key, isDescending }) {
  const amount = AMOUNTS[key];
  const sign = isDescending ? -1 : 1;
  return [...nodes].sort((a, b) => sign * (amount(a) - amount(b)) || a.id - b.id);
}

/**
 * Keeps the nodes that have every word: the beginning of a number or of a state, or a part of an address.
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
  // Every address of a network has most digits in it.
  if (/^\d+$/.test(word)) return String(id).startsWith(word);
  return address.includes(word) || state.startsWith(word);
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

/**
 * "81 of 225 MB".
 * @param {number} used
 * @param {number} total
 */
export function formatMemory(used, total) {
  const unit =
    total >= 10 * 2 ** 30
      ? { size: 2 ** 30, name: "GB", digits: 1 }
      : { size: 2 ** 20, name: "MB", digits: 0 };
  return `${(used / unit.size).toFixed(unit.digits)} of ${(total / unit.size).toFixed(unit.digits)} ${unit.name}`;
}

/**
 * "2 d 3 h", "13 min", "4 s": the largest units of a number of seconds.
 * @param {number} seconds
 */
export function formatDuration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86_400) return `${Math.floor(whole / 3_600)} h ${Math.floor(whole / 60) % 60} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor(whole / 3_600) % 24} h`;
}
