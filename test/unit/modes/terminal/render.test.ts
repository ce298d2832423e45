import { expect, test } from "bun:test";
import { view } from "../../../../modes/clumpview/view.ts";
import { Canvas, COLOUR, toAscii } from "../../../../modes/terminal/canvas.ts";
import { renderChanges } from "../../../../modes/terminal/render.ts";
import { STATUSES, stateOf } from "../clumpview/states.ts";

/** The little of a terminal that pages need: cursor position, colour, clear. */
class Terminal {
  #shown = new Canvas(80, 25);
  #at = 0;
  #colour: number = COLOUR.grey;

  write(output: string): void {
    for (const [text, numbers = "", command] of output.matchAll(/\x1b\[([?\d;]*)([A-Za-z])|[^\x1b]/gsu)) {
      if (command === undefined) this.#print(text);
      else this.#obey(command, numbers.split(";").map(Number));
    }
  }

  /** A blank has no colour. */
  cells(page: Canvas = this.#shown): string[] {
    return Array.from(page.codes, (code, cell) => (code === 0x20 ? " " : `${code} ${page.colours[cell]}`));
  }

  /** As the kernel's console: the bright colours are bold ones, and only a reset ends that. */
  #setColour(first: number, second: number): void {
    const number = first || second;
    if (first === 0) this.#colour = COLOUR.grey;
    if (number >= 90) this.#colour = number - 82;
    else if (number >= 30) this.#colour = number - 30 + (this.#colour >= 8 ? 8 : 0);
  }

  #print(character: string): void {
    this.#shown.put(this.#at % 80, Math.floor(this.#at / 80), character, this.#colour);
    this.#at++;
  }

  #obey(command: string, [first = 0, second = 0]: number[]): void {
    if (command === "H") this.#at = (first - 1) * 80 + second - 1;
    if (command === "J") this.#shown = new Canvas(80, 25);
    if (command === "m") this.#setColour(first, second);
  }
}

test("renderChanges() turns every page into every other", () => {
  const pages = [...Object.values(STATUSES), undefined].map((status) => view(stateOf(status), 80, 25));
  for (const before of pages) {
    for (const next of pages) {
      const terminal = new Terminal();
      terminal.write(renderChanges(undefined, before));
      terminal.write(renderChanges(before, next));
      expect(terminal.cells()).toEqual(terminal.cells(next));
    }
  }
});

test("renderChanges() writes nothing for the same page, and little for a small change", () => {
  const before = view(stateOf(STATUSES["configured"]), 80, 25);
  const next = view(stateOf(STATUSES["configured"]), 80, 25);
  expect(renderChanges(before, next)).toBe("");
  next.put(5, 10, "X", COLOUR.white);
  expect(renderChanges(before, next)).toBe("\x1b[11;6H\x1b[97mX");
});

test("renderChanges() clears the screen for a page of another size", () => {
  expect(renderChanges(new Canvas(80, 24), new Canvas(80, 25))).toContain("\x1b[2J");
  expect(renderChanges(new Canvas(80, 25), new Canvas(80, 25))).not.toContain("\x1b[2J");
});

test("renderChanges() keeps the words of a line together", () => {
  const output = renderChanges(undefined, view(stateOf(STATUSES["waiting"]), 80, 25));
  expect(output).toContain("not configured yet");
  expect(output).toContain("link up, no answer to DHCP for 22 s");
});

test("renderChanges() keeps to ASCII where it is asked to", () => {
  const output = renderChanges(undefined, view(stateOf(STATUSES["crowded"]), 80, 25), { ascii: true });
  expect(output).toMatch(/^[\x1b -~]*$/);
});

test("renderChanges() keeps to the kernel's own font where it is asked to", () => {
  const page = view(stateOf(STATUSES["configured"]), 80, 25);
  expect(renderChanges(undefined, page)).toMatch(/[▁▂▃▅▆▇]/);
  const output = renderChanges(undefined, page, { coarse: true });
  expect(output).not.toMatch(/[▁▂▃▅▆▇]/);
  expect(output).toMatch(/▄/);
});

test("toAscii() finds the nearest character", () => {
  expect([..."─│┌╬█▀▄▁▇░↑é a~"].map(toAscii).join("")).toBe("-|++#'..#.?? a~");
});

test("renderChanges() leaves a terminal without colours in its own", () => {
  const output = renderChanges(undefined, view(stateOf(STATUSES["crowded"]), 80, 25), { mono: true });
  expect(output.match(/\x1b\[[\d;]*m/g)).toEqual(["\x1b[0m"]);
});
