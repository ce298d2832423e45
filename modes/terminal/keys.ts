/** Parses the bytes of a terminal into keys; an ESC at the begin of a sequence is not the key ESC. */

/** A printable character of ASCII, or one of the names below; "other" is any other key. */
export type Key = string;

/** Calls `run` after some milliseconds; returns a function that cancels the call. */
export type Later = (milliseconds: number, run: () => void) => () => void;

export const later: Later = (milliseconds, run) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

/** An ESC without a byte after it for so long is the key: a slow serial line needs some milliseconds a byte. */
const LONE_AFTER_MILLISECONDS = 100;

const ESC = 0x1b;
const NAMES: ReadonlyMap<number, Key> = new Map([
  [0x03, "interrupt"],
  [0x08, "backspace"],
  [0x09, "tab"],
  [0x0a, "enter"],
  [0x0c, "redraw"],
  [0x0d, "enter"],
  [0x7f, "backspace"],
]);

/** Sequences by their bytes after ESC; application mode has O in the place of [. */
const SEQUENCES: ReadonlyMap<string, Key> = new Map([
  ["[A", "up"],
  ["[B", "down"],
  ["[C", "right"],
  ["[D", "left"],
  ["[F", "end"],
  ["[H", "home"],
  ["OA", "up"],
  ["OB", "down"],
  ["OC", "right"],
  ["OD", "left"],
  ["OF", "end"],
  ["OH", "home"],
  ["[1~", "home"],
  ["[4~", "end"],
  ["[5~", "page up"],
  ["[6~", "page down"],
  ["[7~", "home"],
  ["[8~", "end"],
]);
const LONGEST_SEQUENCE = 3;

/** States of the parser: between keys, after ESC, in a control sequence, one byte before the end of a sequence. */
type State = "ground" | "escape" | "control begins" | "control" | "last";

export class KeyReader {
  readonly #onKey: (key: Key) => void;
  readonly #later: Later;
  #state: State = "ground";
  #sequence = "";
  #cancel = () => {};

  constructor(onKey: (key: Key) => void, later: Later) {
    this.#onKey = onKey;
    this.#later = later;
  }

  /** Takes bytes of the terminal, in pieces of any size, and calls `onKey` for each key. */
  read(bytes: Uint8Array): void {
    this.#cancel();
    for (const byte of bytes) this.#take(byte);
    if (this.#state !== "escape") return;
    this.#cancel = this.#later(LONE_AFTER_MILLISECONDS, () => {
      this.#state = "ground";
      this.#onKey("escape");
    });
  }

  #take(byte: number): void {
    const before = this.#state;
    this.#state = nextState(before, byte);
    if (before === "ground" || byte === ESC) this.#sequence = "";
    else this.#sequence = (this.#sequence + String.fromCharCode(byte)).slice(0, LONGEST_SEQUENCE + 1);
    if (this.#state !== "ground") return;
    const key = before === "ground" ? nameByte(byte) : (SEQUENCES.get(this.#sequence) ?? "other");
    if (key !== undefined) this.#onKey(key);
  }
}

/** NUL is no key: a serial line sends it when its cable is pulled. */
function nameByte(byte: number): Key | undefined {
  if (byte === 0) return undefined;
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : (NAMES.get(byte) ?? "other");
}

/** The sequences of ECMA-48, and `ESC [ [ A` for F1 on the kernel's console. */
function nextState(state: State, byte: number): State {
  if (byte === ESC) return "escape";
  const character = String.fromCharCode(byte);
  if (state === "escape") return character === "[" ? "control begins" : character === "O" ? "last" : "ground";
  if (state === "control begins" && character === "[") return "last";
  if (state === "control begins" || state === "control")
    return byte >= 0x40 && byte <= 0x7e ? "ground" : "control";
  return "ground";
}
