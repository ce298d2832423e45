/** Keys out of the bytes of a terminal: an ESC that begins a sequence is no ESC. */

/** One printable character of ASCII, as typed, or one of the names below; "other" is any other key. */
export type Key = string;

/** Runs something later; gives what calls it off. */
export type Later = (milliseconds: number, run: () => void) => () => void;

export const later: Later = (milliseconds, run) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

/** A terminal sends a sequence at once; a slow serial line takes some milliseconds a byte. */
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

/** Sequences by what follows their ESC; those of application mode have an O for the bracket. */
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

/** A function that takes what a terminal sent, in pieces of any size, and calls `onKey` for each key. */
export function createKeyReader(onKey: (key: Key) => void, later: Later): (bytes: Uint8Array) => void {
  let state: State = "ground";
  let sequence = "";
  let callOff = () => {};
  const take = (byte: number) => {
    const before = state;
    state = nextState(before, byte);
    if (before === "ground" || byte === ESC) sequence = "";
    else sequence = (sequence + String.fromCharCode(byte)).slice(0, LONGEST_SEQUENCE + 1);
    if (state !== "ground") return;
    const key = before === "ground" ? nameByte(byte) : (SEQUENCES.get(sequence) ?? "other");
    if (key !== undefined) onKey(key);
  };
  return (bytes) => {
    callOff();
    for (const byte of bytes) take(byte);
    if (state !== "escape") return;
    callOff = later(LONE_AFTER_MILLISECONDS, () => {
      state = "ground";
      onKey("escape");
    });
  };
}

/** A serial line that breaks off sends NUL, which nobody typed. */
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
