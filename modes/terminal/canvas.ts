/** A rectangle of coloured characters; drawing outside it has no effect. */

/** Colours of a text terminal: 0 to 7, and their bright variants 8 to 15. */
export const COLOUR = {
  red: 1,
  green: 2,
  blue: 4,
  cyan: 6,
  grey: 7,
  dark: 8,
  rose: 9,
  lime: 10,
  yellow: 11,
  sky: 14,
  white: 15,
};

const BLANK = 0x20;
const QUESTION = 0x3f;

export class Canvas {
  readonly width: number;
  readonly height: number;
  /** The code point of each cell, row by row, within the basic multilingual plane. */
  readonly codes: Uint16Array;
  /** The colour of each cell. */
  readonly colours: Uint8Array;

  constructor(width: number, height: number) {
    this.width = Math.max(0, Math.floor(width));
    this.height = Math.max(0, Math.floor(height));
    this.codes = new Uint16Array(this.width * this.height).fill(BLANK);
    this.colours = new Uint8Array(this.width * this.height).fill(COLOUR.grey);
  }

  put(x: number, y: number, character: string, colour: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const cell = y * this.width + x;
    const code = character.codePointAt(0) ?? BLANK;
    this.codes[cell] = isShowable(code) ? code : QUESTION;
    this.colours[cell] = colour;
  }

  /** Writes one line, cut with "~" beyond `room` columns. Returns the column behind it. */
  text(x: number, y: number, text: string, { colour = COLOUR.grey, room = this.width - x } = {}): number {
    const all = [...text];
    const shown = all.length <= room ? all : room > 0 ? [...all.slice(0, room - 1), "~"] : [];
    for (let index = 0; index < shown.length; index++) this.put(x + index, y, shown[index] ?? " ", colour);
    return x + shown.length;
  }

  /** A horizontal rule over the whole width. */
  rule(y: number, colour: number): void {
    for (let x = 0; x < this.width; x++) this.put(x, y, "─", colour);
  }

  /** The page as plain text, without trailing blanks. */
  lines(): string[] {
    return Array.from({ length: this.height }, (_, y) =>
      String.fromCharCode(...this.codes.subarray(y * this.width, (y + 1) * this.width)).trimEnd(),
    );
  }
}

/**
 * Latin text, arrows, boxes and blocks, most of them in the kernel's own font. Control characters in names from the
 * network must not steer the terminal.
 */
function isShowable(code: number): boolean {
  return (
    (code >= 0x20 && code < 0x7f) ||
    (code >= 0xa1 && code <= 0xff) ||
    (code >= 0x2190 && code <= 0x2195) ||
    (code >= 0x2500 && code <= 0x259f)
  );
}

/** A text of several lines in which "?" replaces everything that could steer a terminal. */
export function toShowable(text: string): string {
  return Array.from(text, (character) =>
    character === "\n" || isShowable(character.codePointAt(0) ?? QUESTION) ? character : "?",
  ).join("");
}

/** Eighth blocks as half blocks; the lowest stays visible. */
const HALVES: Readonly<Record<string, string>> = {
  "▁": "▄",
  "▂": "▄",
  "▃": "▄",
  "▅": "▄",
  "▆": "█",
  "▇": "█",
};

/** The nearest character of the kernel's own font. */
export function toHalves(character: string): string {
  return HALVES[character] ?? character;
}

const ASCII: Readonly<Record<string, string>> = {
  "─": "-",
  "│": "|",
  "█": "#",
  "▀": "'",
  "▄": ".",
  "▌": "|",
  "░": ".",
  "·": ".",
};

/** The nearest character of ASCII. */
export function toAscii(character: string): string {
  const coarse = toHalves(character);
  return coarse <= "~" ? coarse : (ASCII[coarse] ?? (coarse >= "─" && coarse <= "╿" ? "+" : "?"));
}
