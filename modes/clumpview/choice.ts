/** The user's choice of what to show, and the effect of each key on it. */

import type { NodeView } from "../../cluster/view.ts";
import type { MeasureName } from "../figures/measures.ts";
import type { Key } from "../terminal/keys.ts";
import { type Arrangement, arrangeNodes, ORDERS } from "./arrange.ts";

/** The page of this node, all nodes as lines or as upright bars, or the jobs; "auto" chooses by the cluster. */
export type PageName = "auto" | "node" | "table" | "bars" | "jobs";

/** The node numbers below upright bars: beside each other, digit below digit, or below some bars only. */
export type Labels = "auto" | "wide" | "vertical" | "tight";

export interface Choice extends Arrangement {
  readonly page: PageName;
  readonly measure: MeasureName;
  readonly labels: Labels;
  readonly showsTotal: boolean;
  /** Whether typed characters go into the filter. */
  readonly isTyping: boolean;
  /** Address of the marked node. */
  readonly selected?: string | undefined;
  /** The page over the chosen page. */
  readonly over?: "help" | "detail" | undefined;
  /** The page of the help, where it has several. */
  readonly helpPage: number;
  /** The page of the facts on this node, where they do not fit on one. */
  readonly factsPage: number;
  /** The page of the jobs, where they do not fit on one. */
  readonly jobsPage: number;
}

export const FIRST_CHOICE: Choice = {
  page: "auto",
  measure: "load",
  labels: "auto",
  showsTotal: true,
  showsDead: true,
  order: "node",
  filter: "",
  isTyping: false,
  helpPage: 0,
  factsPage: 0,
  jobsPage: 0,
};

/** Nodes that each key moves the mark by. */
const STEPS: Readonly<Record<Key, number>> = {
  up: -1,
  left: -1,
  "-": -1,
  down: 1,
  right: 1,
  "+": 1,
  "page up": -16,
  p: -16,
  "page down": 16,
  n: 16,
  home: -Number.MAX_SAFE_INTEGER,
  end: Number.MAX_SAFE_INTEGER,
};

/** The keys of mosmon and a few more, with their changes; each leads to a page where its change is seen. */
const CHANGES: Readonly<Record<Key, (choice: Choice) => Partial<Choice>>> = {
  l: () => ({ page: "bars", measure: "load" }),
  s: () => ({ page: "bars", measure: "speed" }),
  S: () => ({ page: "bars", measure: "speed" }),
  m: () => ({ page: "bars", measure: "memory" }),
  r: () => ({ page: "bars", measure: "share" }),
  u: () => ({ page: "bars", measure: "use" }),
  d: ({ showsDead }) => ({ showsDead: !showsDead }),
  t: ({ showsTotal }) => ({ showsTotal: !showsTotal }),
  a: () => ({ page: "auto", labels: "auto" }),
  w: () => ({ page: "bars", labels: "wide" }),
  v: () => ({ page: "bars", labels: "vertical" }),
  V: () => ({ page: "bars", labels: "tight" }),
  o: ({ order }) => ({ order: ORDERS[(ORDERS.indexOf(order) + 1) % ORDERS.length] ?? "node" }),
  "/": () => ({ isTyping: true }),
};

const HELP_KEYS: readonly Key[] = ["h", "H", "?"];
/** Pages of the help, of the jobs, or of the facts on this node, that each key turns. */
const PAGE_STEPS: Readonly<Record<Key, number>> = {
  up: -1,
  left: -1,
  "page up": -1,
  down: 1,
  right: 1,
  "page down": 1,
  " ": 1,
};
const LONGEST_FILTER = 40;

/** What the screen shows below the pages over it: the page of this node, or the nodes. */
export interface Scene {
  readonly nodes: readonly NodeView[];
  readonly showsNode: boolean;
}

/** The choice after a key: the same object for a key without effect here, undefined where ESC leaves the program. */
export function press(choice: Choice, key: Key, { nodes, showsNode }: Scene): Choice | undefined {
  if (choice.isTyping) return type(choice, key);
  if (choice.over === "help") return readHelp(choice, key);
  if (HELP_KEYS.includes(key)) return { ...choice, over: "help", helpPage: 0 };
  if (key === "escape" || key === "backspace") return goBack(choice, key);
  if (key === "enter") return openDetail(choice, nodes);
  if (key === "j") return { ...choice, page: "jobs", over: undefined, jobsPage: 0 };
  const showsJobs = choice.page === "jobs";
  if (showsJobs && choice.over === undefined && Object.hasOwn(PAGE_STEPS, key))
    return { ...choice, jobsPage: choice.jobsPage + (PAGE_STEPS[key] ?? 0) };
  if (showsNode && choice.over === undefined && Object.hasOwn(PAGE_STEPS, key))
    return { ...choice, factsPage: choice.factsPage + (PAGE_STEPS[key] ?? 0) };
  if (nodes.length === 0) return choice;
  if (key === "tab") return { ...choice, over: undefined, page: nextPage(choice.page, nodes.length > 1) };
  const step = Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
  const hidesNodes = showsNode || showsJobs;
  if (step !== undefined) return move(hidesNodes ? { ...choice, page: "table" } : choice, step, nodes);
  const change = Object.hasOwn(CHANGES, key) ? CHANGES[key] : undefined;
  if (change === undefined) return choice;
  const page = hidesNodes && key !== "a" ? "table" : choice.page;
  return { ...choice, page, ...change(choice), over: undefined };
}

/** Whether a key does something once there are nodes. */
export function wantsNodes(key: Key): boolean {
  return key === "tab" || key === "enter" || Object.hasOwn(STEPS, key) || Object.hasOwn(CHANGES, key);
}

function type(choice: Choice, key: Key): Choice {
  const { filter } = choice;
  if (key === "escape") return { ...choice, filter: "", isTyping: false };
  if (key === "enter") return { ...choice, isTyping: false };
  if (key === "backspace") return { ...choice, filter: filter.slice(0, -1) };
  return key.length === 1 ? { ...choice, filter: (filter + key).slice(0, LONGEST_FILTER) } : choice;
}

/** Turns the page; any other key leads back and does nothing else. */
function readHelp(choice: Choice, key: Key): Choice {
  const step = Object.hasOwn(PAGE_STEPS, key) ? PAGE_STEPS[key] : undefined;
  return step === undefined
    ? { ...choice, over: undefined }
    : { ...choice, helpPage: choice.helpPage + step };
}

/** Takes back the last thing: the page on top, the page of jobs, then the filter, where it is in force. */
function goBack(choice: Choice, key: Key): Choice | undefined {
  if (choice.over) return { ...choice, over: undefined };
  if (choice.page === "jobs") return { ...choice, page: "auto" };
  if (isFiltering(choice)) return { ...choice, filter: "" };
  return key === "escape" ? undefined : choice;
}

/** Whether some nodes may be hidden by the filter: the page of this node and that of jobs have none. */
export function isFiltering({ filter, page }: Pick<Choice, "filter" | "page">): boolean {
  return filter !== "" && page !== "node" && page !== "jobs";
}

/** Opens the marked node, or this node, or the first one where the filter hides this node. */
function openDetail(choice: Choice, nodes: readonly NodeView[]): Choice {
  if (choice.over === "detail") return { ...choice, over: undefined };
  const shown = arrangeNodes(nodes, choice);
  const marked = shown.find(({ address }) => address === choice.selected);
  const selected = marked ?? shown.find(({ isSelf }) => isSelf) ?? shown[0];
  return selected ? { ...choice, selected: selected.address, over: "detail" } : choice;
}

function nextPage(page: PageName, hasCompany: boolean): PageName {
  if (page === "table") return "bars";
  if (page === "bars") return "jobs";
  if (page === "jobs") return "node";
  return page === "node" || !hasCompany ? "table" : "node";
}

/** Moves the mark; without a mark it counts from the begin. */
function move(choice: Choice, step: number, nodes: readonly NodeView[]): Choice {
  const shown = arrangeNodes(nodes, choice);
  const at = shown.findIndex(({ address }) => address === choice.selected);
  const next = shown[Math.min(Math.max(at + step, 0), shown.length - 1)];
  return next ? { ...choice, selected: next.address } : choice;
}
