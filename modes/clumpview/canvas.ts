/** A rectangle of coloured characters to draw a page on; what lies outside is cut off, never an error. */

/** Colours of a text terminal: 0 to 7, and 8 to 15 for the bright ones. */
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

export class Canvas {
  readonly width: number;
  readonly height: number;
  /** One character a cell, row by row. */
  readonly characters: string[];
  /** The colour of each cell. */
  readonly colours: Uint8Array;

  constructor(width: number, height: number) {
    this.width = Math.max(0, Math.floor(width));
    this.height = Math.max(0, Math.floor(height));
    this.characters = new Array<string>(this.width * this.height).fill(" ");
    this.colours = new Uint8Array(this.width * this.height).fill(COLOUR.grey);
  }

  put(x: number, y: number, character: string, colour: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    this.characters[y * this.width + x] = isShowable(character) ? character : "?";
    this.colours[y * this.width + x] = colour;
  }

  /** Writes one line; longer than `room` it ends in "~". Gives the column after it. */
  text(x: number, y: number, text: string, { colour = COLOUR.grey, room = this.width - x } = {}): number {
    const all = [...text];
    const shown = all.length <= room ? all : room > 0 ? [...all.slice(0, room - 1), "~"] : [];
    for (const [index, character] of shown.entries()) this.put(x + index, y, character, colour);
    return x + shown.length;
  }

  /** A horizontal rule over the whole width. */
  rule(y: number, colour: number): void {
    for (let x = 0; x < this.width; x++) this.put(x, y, "─", colour);
  }

  /** The page as plain text, blanks at the ends of lines left out. */
  lines(): string[] {
    return Array.from({ length: this.height }, (_, y) =>
      this.characters
        .slice(y * this.width, (y + 1) * this.width)
        .join("")
        .trimEnd(),
    );
  }
}

/** Latin text and the boxes and blocks of the kernel's own font: names may come from outside, and must not steer a terminal. */
function isShowable(character: string): boolean {
  return /^[ -~\u00a1-\u00ff\u2190-\u2195\u2500-\u259f]$/u.test(character);
}

const ASCII: Readonly<Record<string, string>> = {
  "─": "-",
  "│": "|",
  "█": "#",
  "▀": "'",
  "▄": ".",
  "░": ".",
};

/** The nearest character of ASCII, for terminals that know nothing else. */
export function toAscii(character: string): string {
  return character <= "~"
    ? character
    : (ASCII[character] ?? (character >= "─" && character <= "╿" ? "+" : "?"));
}
