/** The pages of the menu, a stack: the last page is on top. */

import type { NodeStatus } from "../../system/state/node-status.ts";
import type { Order } from "./order.ts";

/** Something to be done outside; its outcome is a page of text. */
export type Request =
  | { readonly do: "order"; readonly order: Order; readonly title: string }
  | { readonly do: "show the probes" }
  | { readonly do: "check a map"; readonly file: string }
  /** `force` puts it in place also where this node's own number changes. */
  | { readonly do: "apply a map"; readonly file: string; readonly force: boolean }
  /** To where `clump.report=` says if it is empty. */
  | { readonly do: "report"; readonly where: string }
  | { readonly do: "end"; readonly how: "reboot" | "poweroff" }
  | { readonly do: "leave" };

/** What the pages are made of. */
export interface World {
  readonly status: NodeStatus | undefined;
  /** As `clump.report=` has it; empty where it is not given. */
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
  /** As they are now: network cards come and go. */
  readonly items: (world: World) => readonly Item[];
  readonly chosen: number;
  /** Shown where there are no items. */
  readonly empty?: string;
}

export interface Field {
  readonly label: string;
  /** What is wanted, as an example. */
  readonly hint: string;
  readonly value: string;
}

export interface Form {
  readonly kind: "form";
  readonly title: string;
  readonly fields: readonly Field[];
  /** The field that takes what is typed. */
  readonly at: number;
  readonly complaint?: string;
  /** What the values ask for, or the field that is wrong and why. */
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
  /** The first line shown. */
  readonly top: number;
  /** What Enter does, where there is more to do. */
  readonly next?: { readonly label: string; readonly request: Request };
}

/** Something is being done. */
export interface Busy {
  readonly kind: "busy";
  readonly title: string;
}

export type Page = Menu | Form | Text | Busy;

/** Never empty: the last is on top, the first is the main menu. */
export type Pages = readonly [Menu, ...Page[]];
