/** The verbs of mosctl, as the daemon answers them: a line in, text and a code out. */

import { formatAddress, parseAddress } from "../../system/address/ipv4.ts";
import { STATUS } from "../gossip/entry.ts";
import { addressOfNode, type MapEntry, nodeAtAddress } from "../map/map.ts";
import type { ClusterView, NodeView } from "../view.ts";
import { type OwnState, SETTINGS, type Setting } from "./own-state.ts";

export interface ControlContext {
  readonly nodes: () => readonly NodeView[];
  /** Who may be in the cluster, seen or not. */
  readonly map: () => readonly MapEntry[];
  readonly view: () => ClusterView;
  readonly state: () => OwnState;
  readonly setState: (state: OwnState) => void;
}

export interface Reply {
  readonly text: string;
  /** 0, or 1 where it could not be done. */
  readonly code: number;
}

/** What mosctl of openMosix-tools 0.3.6 says when a setting changes. */
const SAID: Readonly<Record<Setting, readonly [on: string, off: string]>> = {
  stay: [
    "Automatic load-balancing disabled: no processes will leave\nThis node (except by an explicit request)",
    "automatic load-balancing re-enabled.",
  ],
  lstay: [
    "No local processes will leave the node automatically.",
    "Local processes may now leave the node automatically.",
  ],
  block: ["Remote processes will not be allowed in here.", "Remote processes now allowed in."],
  quiet: [
    "Load-balancing activity is now shut-down (for fine-timing measurements)",
    "Load balancing activity now resumed.",
  ],
};

/** Verbs of mosctl that move processes or files, or tune how they move. */
const NEED_MIGRATION = [
  "expel",
  "bring",
  "mfs",
  "nomfs",
  "-mfs",
  "gettune",
  "getdecay",
  "setdecay",
  "sdecay",
];
const NEED_YARD = ["getyard", "setyard"];

export const CONTROL_HELP = `stay, nostay, lstay, nolstay, block, noblock, quiet, noquiet
whois [node-number|IP-address]
getload, getspeed, getmem, getfree, getutil, status, isup [node-number]
setspeed speed
nodes, view
help, quit`;

const QUERIES: Readonly<Record<string, (node: NodeView) => string>> = {
  getload: ({ load }) => `load=${load}`,
  getspeed: ({ speed }) => `speed=${speed}`,
  getmem: ({ memoryFree, memoryTotal }) => `free memory = ${memoryFree} of ${memoryTotal}`,
  getfree: ({ memoryFree, memoryTotal }) => `raw free memory = ${memoryFree} of ${memoryTotal}`,
  getutil: ({ busy }) => `Utilizability = ${Math.round(100 * (1 - busy))}%`,
  status: formatStatus,
};

/** Other names, as mosctl takes them. */
const SYNONYMS: Readonly<Record<string, string>> = {
  speedof: "getspeed",
  memory: "getmem",
  getrawmem: "getfree",
  getrawfree: "getfree",
  getutilizability: "getutil",
  stat: "status",
};

const HIGHEST_SPEED = 10_000_000;

/** Answers one line. */
export function answerControl(line: string, context: ControlContext): Reply {
  const [typed = "", argument] = line.trim().split(/\s+/);
  const verb = SYNONYMS[typed] ?? typed;
  const query = Object.hasOwn(QUERIES, verb) ? QUERIES[verb] : undefined;
  if (query) return answerQuery(query, argument, context);
  if (verb === "help") return { text: CONTROL_HELP, code: 0 };
  if (verb === "isup") return isUp(argument, context);
  if (verb === "whois") return whoIs(argument, context);
  if (verb === "nodes") return { text: formatNodes(context.nodes()), code: 0 };
  if (verb === "view") return { text: toAscii(JSON.stringify(context.view())), code: 0 };
  if (verb === "setspeed") return setSpeed(argument, context);
  const setting = SETTINGS.find((name) => verb === name || verb === `no${name}` || verb === `-${name}`);
  if (setting) return change(setting, verb === setting, context);
  if (NEED_MIGRATION.includes(verb)) return refuse(`Cannot ${verb}: not before migration exists`);
  if (NEED_YARD.includes(verb)) return refuse(`Cannot ${verb}: the yardstick is speed 10000`);
  return refuse(`Cannot do "${verb}": one of these was wanted\n${CONTROL_HELP}`);
}

function answerQuery(
  query: (node: NodeView) => string,
  argument: string | undefined,
  context: ControlContext,
): Reply {
  const node = findNode(argument, context);
  if (typeof node === "string") return refuse(node);
  if (node.state === "dead" || node.state === "left") {
    return query === formatStatus ? { text: "down", code: 0 } : refuse("Error: no response");
  }
  if (node.state === "silent" && query !== formatStatus) return refuse("Error: no response");
  return { text: query(node), code: 0 };
}

/** "up" or "down", then the settings in the order of mosctl. */
function formatStatus({ status }: NodeView): string {
  const words = (["stay", "lstay", "block", "quiet", "nomfs"] as const).filter(
    (name) => status & STATUS[name],
  );
  return [(status & STATUS.up) === 0 ? "down" : "up", ...words].join(",");
}

function isUp(argument: string | undefined, context: ControlContext): Reply {
  const node = findNode(argument, context);
  if (typeof node === "string") return refuse(node);
  const answer = { silent: "no (it seems)", up: "yes", suspect: "no (it seems)", dead: "no", left: "no" };
  return { text: answer[node.state], code: 0 };
}

function whoIs(argument: string | undefined, context: ControlContext): Reply {
  if (argument === undefined) {
    const own = findNode(argument, context);
    return typeof own === "string" ? refuse(own) : { text: `This is openMosix #${own.id}`, code: 0 };
  }
  const address = parseAddress(argument);
  if (address === undefined) {
    const node = findNode(argument, context);
    return typeof node === "string" ? refuse(node) : { text: `${argument} is ${node.address}`, code: 0 };
  }
  const text = formatAddress(address);
  const node = context.nodes().find((each) => each.address === text || each.aliases.includes(text));
  const id = node?.id ?? nodeAtAddress(context.map(), address);
  if (id === undefined) return refuse(`${argument} is not known in this cluster`);
  return { text: `${argument} is openMosix #${id}`, code: 0 };
}

/** The node with that number, this one without; one of the map that was never seen is as a dead one; or why there is none. */
function findNode(argument: string | undefined, { nodes, map }: ControlContext): NodeView | string {
  const all = nodes();
  const [own] = all;
  if (own === undefined || own.id === 0) return "This is NOT a OpenMosix system!";
  if (argument === undefined) return own;
  if (!/^\d{1,5}$/.test(argument) || Number(argument) < 1) return "Error: Improper node number";
  const claimants = all.filter(({ id }) => id === Number(argument));
  const living = claimants.filter(({ state }) => state !== "dead" && state !== "left");
  if (living.length > 1) {
    return `Error: node #${argument} is claimed by ${living.map(({ address }) => address).join(" and ")}`;
  }
  const address = addressOfNode(map(), Number(argument));
  const absent = address && {
    ...own,
    id: Number(argument),
    address: formatAddress(address),
    state: "dead" as const,
  };
  return living[0] ?? claimants[0] ?? (absent || `Node #${argument} is not configured`);
}

function setSpeed(argument: string | undefined, { state, setState }: ControlContext): Reply {
  const speed = /^\d{1,8}$/.test(argument ?? "") ? Number(argument) : 0;
  if (speed < 1 || speed > HIGHEST_SPEED) {
    return refuse(
      `Cannot set the speed: "${argument ?? ""}" was given, and 1 to ${HIGHEST_SPEED} was wanted`,
    );
  }
  setState({ ...state(), speed, isSpeedKnown: true });
  return { text: "", code: 0 };
}

function change(setting: Setting, isOn: boolean, { state, setState }: ControlContext): Reply {
  const settings = new Set(state().settings);
  const [on, off] = SAID[setting];
  if (setting === "stay" && settings.has("stay") === isOn) {
    return { text: `Automatic load-balancing already ${isOn ? "disabled" : "enabled"}.`, code: 0 };
  }
  if (isOn) settings.add(setting);
  else settings.delete(setting);
  setState({ ...state(), settings });
  return { text: isOn ? on : off, code: 0 };
}

/** One line a node: number, address, state, load, processors, speed, free and all memory. */
function formatNodes(nodes: readonly NodeView[]): string {
  return nodes
    .map((node) => {
      const { id, address, state, load, cpus, speed, memoryFree, memoryTotal } = node;
      return [id, address, state, load, cpus, speed, memoryFree, memoryTotal].join(" ");
    })
    .join("\n");
}

/** JSON with what is not ASCII as it can be written there, too; the port speaks telnet. */
function toAscii(json: string): string {
  return json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function refuse(text: string): Reply {
  return { text, code: 1 };
}
