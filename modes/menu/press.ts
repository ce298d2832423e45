/** The effect of each key on the page on top. */

import type { Key } from "../terminal/keys.ts";
import type { Form, Menu, Page, Pages, Request, Step, Text, World } from "./page.ts";

export interface Pressed {
  readonly pages: Pages;
  /** To be performed outside; meanwhile the page on top is a busy page. */
  readonly request?: Request;
}

/** Lines that a page key scrolls. */
const PAGE_LINES = 10;
const LONGEST_VALUE = 250;

/** Returns the pages after a key, and the request of that key. */
export function press(pages: Pages, key: Key, world: World): Pressed {
  const top = pages.at(-1)!;
  if (key === "interrupt") return { pages, request: { do: "leave" } };
  // In a form, letters are typed text.
  if (key === "escape" || (key === "q" && top.kind !== "form")) return back(pages);
  if (top.kind === "busy") return { pages };
  if (top.kind === "menu") return pressMenu(pages, top, key, world);
  if (top.kind === "form") return pressForm(pages, top, key);
  return pressText(pages, top, key);
}

/** Shows the outcome of a request in the place of the busy page. */
export function show(pages: Pages, page: Page): Pages {
  return pages.at(-1)?.kind === "busy" ? replaceTop(pages, page) : push(pages, page);
}

function back(pages: Pages): Pressed {
  const [first, ...rest] = pages;
  if (rest.length === 0) return { pages, request: { do: "leave" } };
  return { pages: [first, ...rest.slice(0, -1)] };
}

function pressMenu(pages: Pages, menu: Menu, key: Key, world: World): Pressed {
  const items = menu.items(world);
  const within = (to: number): number => Math.min(Math.max(to, 0), Math.max(items.length - 1, 0));
  const chosen = within(menu.chosen);
  const move = (to: number): Pressed => ({ pages: replaceTop(pages, { ...menu, chosen: within(to) }) });
  if (key === "up") return move(chosen - 1);
  if (key === "down" || key === "tab") return move(chosen + 1);
  const number = /^[1-9]$/.test(key) ? Number(key) - 1 : undefined;
  const item = items[number ?? (key === "enter" ? chosen : -1)];
  return item === undefined ? { pages } : take(pages, item.choose(world));
}

function pressForm(pages: Pages, form: Form, key: Key): Pressed {
  const { fields, at } = form;
  const change = (changed: Partial<Form>): Pressed => ({ pages: replaceTop(pages, { ...form, ...changed }) });
  const write = (value: string): Pressed =>
    change({ fields: fields.map((field, index) => (index === at ? { ...field, value } : field)) });
  const value = fields[at]?.value ?? "";
  if (key === "up") return change({ at: Math.max(at - 1, 0) });
  if (key === "down" || key === "tab") return change({ at: Math.min(at + 1, fields.length - 1) });
  if (key === "backspace") return write(value.slice(0, -1));
  if (key === "enter") return at < fields.length - 1 ? change({ at: at + 1 }) : submit(pages, form);
  return key.length === 1 && value.length < LONGEST_VALUE ? write(value + key) : { pages };
}

function submit(pages: Pages, form: Form): Pressed {
  const wanted = form.submit(form.fields.map(({ value }) => value));
  if ("do" in wanted) return take(replaceTop(pages, withoutComplaint(form)), { request: wanted });
  return { pages: replaceTop(pages, { ...form, at: wanted.field, complaint: wanted.complaint }) };
}

function withoutComplaint({ complaint: _, ...form }: Form): Form {
  return form;
}

function pressText(pages: Pages, text: Text, key: Key): Pressed {
  const { top, lines, next } = text;
  const move = (to: number): Pressed => ({
    pages: replaceTop(pages, { ...text, top: Math.min(Math.max(to, 0), Math.max(lines.length - 1, 0)) }),
  });
  if (key === "up") return move(top - 1);
  if (key === "down") return move(top + 1);
  if (key === "page up") return move(top - PAGE_LINES);
  if (key === "page down" || key === " ") return move(top + PAGE_LINES);
  if (key !== "enter") return { pages };
  return next === undefined ? back(pages) : take(pages, { request: next.request });
}

function take(pages: Pages, step: Step): Pressed {
  if ("page" in step) return { pages: push(pages, step.page) };
  const { request } = step;
  if (request.do === "leave") return { pages, request };
  const busy: Page = { kind: "busy", title: "A moment..." };
  // The outcome replaces a text page that asked for it.
  return { pages: pages.at(-1)?.kind === "text" ? replaceTop(pages, busy) : push(pages, busy), request };
}

function push([first, ...rest]: Pages, page: Page): Pages {
  return [first, ...rest, page];
}

function replaceTop([first, ...rest]: Pages, page: Page): Pages {
  if (rest.length > 0) return [first, ...rest.slice(0, -1), page];
  return page.kind === "menu" ? [page] : [first, page];
}
