/** What the person before the screen has chosen to see, and how each key changes it. */

import type { NodeView } from "../../cluster/view.ts";
import type { MeasureName } from "../figures/measures.ts";
import type { Key } from "../terminal/keys.ts";
import { type Arrangement, arrangeNodes, ORDERS } from "./arrange.ts";

/** Own node, or all nodes as lines or as upright bars; "auto" follows what there is to see. */
export type PageName = "auto" | "node" | "table" | "bars";

/** How the numbers stand below upright bars: beside each other, digit below digit, or now and then. */
export type Labels = "auto" | "wide" | "vertical" | "tight";

export interface Choice extends Arrangement {
  readonly page: PageName;
  readonly measure: MeasureName;
  readonly labels: Labels;
  readonly showsTotal: boolean;
  /** Whether what is typed goes into the filter. */
  readonly isTyping: boolean;
  /** Address of the node that is marked. */
  readonly selected?: string | undefined;
  /** What lies over the page. */
  readonly over?: "help" | "detail" | undefined;
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
};

/** How far a key moves among the nodes. */
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

/** The keys of mosmon, and a few more, by what they change. */
const CHANGES: Readonly<Record<Key, (choice: Choice) => Partial<Choice>>> = {
  l: () => ({ measure: "load" }),
  s: () => ({ measure: "speed" }),
  m: () => ({ measure: "memory" }),
  r: () => ({ measure: "share" }),
  u: () => ({ measure: "use" }),
  d: ({ showsDead }) => ({ showsDead: !showsDead }),
  t: ({ showsTotal }) => ({ showsTotal: !showsTotal }),
  a: () => ({ page: "auto", labels: "auto" }),
  w: () => ({ page: "bars", labels: "wide" }),
  v: () => ({ page: "bars", labels: "vertical" }),
  V: () => ({ page: "bars", labels: "tight" }),
  o: ({ order }) => ({ order: ORDERS[(ORDERS.indexOf(order) + 1) % ORDERS.length] ?? "node" }),
  "/": ({ page }) => ({ isTyping: true, page: page === "node" ? "table" : page }),
};

const HELP_KEYS: readonly Key[] = ["h", "H", "?"];
const LONGEST_FILTER = 40;

/** The choice after a key; the same one where the key means nothing here, and nothing where ESC is to leave the program. */
export function press(choice: Choice, key: Key, nodes: readonly NodeView[]): Choice | undefined {
  if (choice.isTyping) return type(choice, key);
  if (HELP_KEYS.includes(key)) return { ...choice, over: choice.over === "help" ? undefined : "help" };
  if (choice.over === "help") return { ...choice, over: undefined };
  if (key === "escape" || key === "backspace") return goBack(choice, key);
  if (key === "enter") return openDetail(choice, nodes);
  if (key === "tab") return { ...choice, over: undefined, page: nextPage(choice.page, nodes.length > 1) };
  const step = Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
  if (step !== undefined) return move(choice, step, nodes);
  const change = Object.hasOwn(CHANGES, key) ? CHANGES[key] : undefined;
  return change ? { ...choice, ...change(choice), over: undefined } : choice;
}

function type(choice: Choice, key: Key): Choice {
  const { filter } = choice;
  if (key === "escape") return { ...choice, filter: "", isTyping: false };
  if (key === "enter") return { ...choice, isTyping: false };
  if (key === "backspace") return { ...choice, filter: filter.slice(0, -1) };
  return key.length === 1 ? { ...choice, filter: (filter + key).slice(0, LONGEST_FILTER) } : choice;
}

function goBack(choice: Choice, key: Key): Choice | undefined {
  if (choice.over) return { ...choice, over: undefined };
  return key === "escape" ? undefined : choice;
}

/** The marked node, or the first one. */
function openDetail(choice: Choice, nodes: readonly NodeView[]): Choice {
  if (choice.over === "detail") return { ...choice, over: undefined };
  const shown = arrangeNodes(nodes, choice);
  const selected = shown.find(({ address }) => address === choice.selected) ?? shown[0];
  return selected ? { ...choice, selected: selected.address, over: "detail" } : choice;
}

function nextPage(page: PageName, hasCompany: boolean): PageName {
  if (page === "table") return "bars";
  if (page === "bars") return "node";
  return page === "node" || !hasCompany ? "table" : "node";
}

/** Where none is marked, one is that is as far from the begin. */
function move(choice: Choice, step: number, nodes: readonly NodeView[]): Choice {
  const shown = arrangeNodes(nodes, choice);
  const at = shown.findIndex(({ address }) => address === choice.selected);
  const next = shown[Math.min(Math.max(at + step, 0), shown.length - 1)];
  return next ? { ...choice, selected: next.address } : choice;
}
