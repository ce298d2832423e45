/** The pages of the menu, a stack: the last page is on top. */

import type { NodeStatus } from "../../system/state/node-status.ts";
import type { Order } from "./order.ts";

/** Something that is done outside the menu; its outcome is a page of text. */
export type Request =
  | { readonly do: "order"; readonly order: Order; readonly title: string }
  | { readonly do: "show the probes" }
  | { readonly do: "check a map"; readonly file: string }
  /** `force` applies the map even where this node's own number changes. */
  | { readonly do: "apply a map"; readonly file: string; readonly force: boolean }
  /** An empty `where` means the target of `clump.report=`. */
  | { readonly do: "report"; readonly where: string }
  | { readonly do: "end"; readonly how: "reboot" | "poweroff" }
  | { readonly do: "leave" };

/** The data behind the pages. */
export interface World {
  readonly status: NodeStatus | undefined;
  /** The value of `clump.report=`; empty without one. */
  readonly reportTarget: string;
}

export type Step = { readonly page: Page } | { readonly request: Request };

export interface Item {
  readonly label: string;
  readonly choose: (world: World) => Step;
}

export interface Menu {
  readonly kind: "menu";
  readonly title: string;
  /** Made at each redraw, because NICs come and go. */
  readonly items: (world: World) => readonly Item[];
  readonly chosen: number;
  /** Shown where the menu has no items. */
  readonly empty?: string;
}

export interface Field {
  readonly label: string;
  /** An example of a valid value. */
  readonly hint: string;
  readonly value: string;
}

export interface Form {
  readonly kind: "form";
  readonly title: string;
  readonly fields: readonly Field[];
  /** Index of the field with the cursor. */
  readonly at: number;
  readonly complaint?: string;
  /** Returns the request for the values, or the field with a mistake and a sentence on it. */
  readonly submit: (values: readonly string[]) => Request | Mistake;
}

export interface Mistake {
  readonly field: number;
  readonly complaint: string;
}

export interface Text {
  readonly kind: "text";
  readonly title: string;
  readonly lines: readonly string[];
  /** Index of the first line shown. */
  readonly top: number;
  /** The action of Enter, where the page has one. */
  readonly next?: { readonly label: string; readonly request: Request };
}

/** Shown while a request is performed. */
export interface Busy {
  readonly kind: "busy";
  readonly title: string;
}

export type Page = Menu | Form | Text | Busy;

/** Never empty: the first page is the main menu, the last is on top. */
export type Pages = readonly [Menu, ...Page[]];
