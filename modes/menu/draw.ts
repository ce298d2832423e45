/** Draws a page of the menu for a terminal of any size. */

import { describeNode } from "../figures/facts.ts";
import { Canvas, COLOUR } from "../terminal/canvas.ts";
import { wrapText } from "../terminal/wrap.ts";
import type { Form, Item, Menu, Page, Text, World } from "./page.ts";

/** Facts on the node above the page; they leave at least LEAST_PAGE lines to the page. */
const MOST_FACTS = 7;
const LEAST_PAGE = 12;
const LABEL_WIDTH = 10;
/** Marks the chosen line without a colour. */
const MARK = "> ";
const CURSOR = "_";

const FOOTERS = {
  menu: "up, down, Enter, or its number; [ESC] back",
  form: "type; up, down; Enter goes on; [ESC] back",
  text: "up, down, page keys; Enter or [ESC] back",
  busy: "[ESC] does not wait for it",
} as const;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export function draw(
  page: Page,
  world: World,
  uptime: number,
  size: { width: number; height: number },
): Canvas {
  const canvas = new Canvas(size.width, size.height);
  const name = world.status === undefined ? "" : `, ${world.status.hostname}`;
  canvas.text(1, 0, `clump menu${name}`, { colour: COLOUR.white, room: canvas.width - 2 });
  const top = drawFacts(canvas, world, uptime);
  canvas.rule(top, COLOUR.blue);
  canvas.text(1, top + 1, page.title, { colour: COLOUR.white, room: canvas.width - 2 });
  drawBody(canvas, page, world, { x: 1, y: top + 3, height: canvas.height - top - 5 });
  canvas.rule(canvas.height - 2, COLOUR.blue);
  canvas.text(1, canvas.height - 1, footerOf(page), { colour: COLOUR.sky, room: canvas.width - 2 });
  return canvas;
}

/** Draws the state of the node; returns the row below it. */
function drawFacts(canvas: Canvas, { status }: World, uptime: number): number {
  const room = Math.min(MOST_FACTS, canvas.height - LEAST_PAGE - 2);
  const facts = describeNode(status, uptime).slice(0, Math.max(room, 0));
  for (const [index, { label, text, colour }] of facts.entries()) {
    canvas.text(1, 1 + index, label, { colour: COLOUR.cyan, room: LABEL_WIDTH - 1 });
    const x = label === "" ? 1 : 1 + LABEL_WIDTH;
    canvas.text(x, 1 + index, text, { colour, room: canvas.width - 1 - x });
  }
  return 1 + facts.length;
}

function drawBody(canvas: Canvas, page: Page, world: World, box: Box): void {
  if (page.kind === "menu") drawMenu(canvas, page, page.items(world), box);
  else if (page.kind === "form") drawForm(canvas, page, box);
  else if (page.kind === "text") drawText(canvas, page, box);
}

/** Scrolls so that the chosen item is visible. */
function drawMenu(canvas: Canvas, menu: Menu, items: readonly Item[], { x, y, height }: Box): void {
  const { empty } = menu;
  const chosen = Math.min(menu.chosen, items.length - 1);
  if (items.length === 0) canvas.text(x, y, empty ?? "", { room: canvas.width - x - 1 });
  const first = Math.max(0, chosen - height + 1);
  for (const [row, { label }] of items.slice(first, first + height).entries()) {
    const index = first + row;
    const isChosen = index === chosen;
    const number = index < 9 ? `${index + 1}` : " ";
    const text = `${isChosen ? MARK : "  "}${number}  ${label}`;
    canvas.text(x, y + row, text, {
      colour: isChosen ? COLOUR.yellow : COLOUR.grey,
      room: canvas.width - x - 1,
    });
  }
}

/** Draws two lines for each field, its value above its hint; a complaint stands below all fields. */
function drawForm(canvas: Canvas, { fields, at, complaint }: Form, { x, y }: Box): void {
  const labels = Math.max(...fields.map(({ label }) => label.length)) + 2;
  for (const [index, { label, hint, value }] of fields.entries()) {
    const isAt = index === at;
    const row = y + 2 * index;
    canvas.text(x, row, `${isAt ? MARK : "  "}${label}`, { colour: isAt ? COLOUR.yellow : COLOUR.grey });
    const left = x + MARK.length + labels;
    const room = canvas.width - left - 1;
    // A long value shows its end, where the cursor is.
    const shown = `${value}${isAt ? CURSOR : ""}`.slice(-Math.max(room, 1));
    canvas.text(left, row, shown, { colour: COLOUR.white, room });
    canvas.text(left, row + 1, hint, { colour: COLOUR.dark, room });
  }
  if (complaint === undefined) return;
  const below = y + 2 * fields.length + 1;
  for (const [index, line] of wrapText(complaint, canvas.width - x - 2).entries())
    canvas.text(x, below + index, line, { colour: COLOUR.rose });
}

function drawText(canvas: Canvas, { lines, top }: Text, { x, y, height }: Box): void {
  const wrapped = lines.slice(top).flatMap((line) => cutLine(line, canvas.width - x - 1));
  for (const [row, line] of wrapped.slice(0, Math.max(height, 0)).entries()) canvas.text(x, y + row, line);
}

function footerOf(page: Page): string {
  if (page.kind === "text" && page.next !== undefined) return `Enter: ${page.next.label}; [ESC] back`;
  return FOOTERS[page.kind];
}

/**
 * Cuts a line into pieces of a width and keeps its blanks, for it may be part of a table. An empty line is one piece.
 */
function cutLine(line: string, width: number): string[] {
  const room = Math.max(width, 1);
  const pieces = Math.max(Math.ceil(line.length / room), 1);
  return Array.from({ length: pieces }, (_, index) => line.slice(index * room, (index + 1) * room));
}
