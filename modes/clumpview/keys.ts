/** Keys out of the bytes of a terminal: an ESC that begins a sequence is no ESC. */

export type Key = "escape" | "q" | "interrupt" | "redraw" | Movement;

export type Movement = "up" | "down" | "page up" | "page down";

/** Runs something later; gives what calls it off. */
export type Later = (milliseconds: number, run: () => void) => () => void;

/** A terminal sends a sequence at once; a slow serial line takes some milliseconds a byte. */
const LONE_AFTER_MILLISECONDS = 100;

const ESC = 0x1b;
const KEYS: ReadonlyMap<number, Key> = new Map([
  [0x71, "q"],
  [0x03, "interrupt"],
  [0x0c, "redraw"],
]);

/** Sequences by what follows their ESC; those of application mode have an O for the bracket. */
const SEQUENCES: ReadonlyMap<string, Key> = new Map([
  ["[A", "up"],
  ["[B", "down"],
  ["OA", "up"],
  ["OB", "down"],
  ["[5~", "page up"],
  ["[6~", "page down"],
]);
const LONGEST_SEQUENCE = 3;

/** Where the reader is: outside, after ESC, in a control sequence, or one byte before the end of a sequence. */
type Place = "outside" | "escape" | "control begins" | "control" | "last";

/** A function that takes what a terminal sent, in pieces of any size, and calls `onKey` for each key of ours. */
export function createKeyReader(onKey: (key: Key) => void, later: Later): (bytes: Uint8Array) => void {
  let place: Place = "outside";
  let sequence = "";
  let callOff = () => {};
  return (bytes) => {
    callOff();
    for (const byte of bytes) {
      sequence =
        place === "outside" || byte === ESC
          ? ""
          : (sequence + String.fromCharCode(byte)).slice(0, LONGEST_SEQUENCE + 1);
      const before = place;
      place = nextPlace(place, byte);
      const key =
        before === "outside" ? KEYS.get(byte) : place === "outside" ? SEQUENCES.get(sequence) : undefined;
      if (key) onKey(key);
    }
    if (place !== "escape") return;
    callOff = later(LONE_AFTER_MILLISECONDS, () => {
      place = "outside";
      onKey("escape");
    });
  };
}

/** The sequences of ECMA-48, and `ESC [ [ A` for F1 on the kernel's console. */
function nextPlace(place: Place, byte: number): Place {
  if (byte === ESC) return "escape";
  const character = String.fromCharCode(byte);
  if (place === "escape")
    return character === "[" ? "control begins" : character === "O" ? "last" : "outside";
  if (place === "control begins" && character === "[") return "last";
  if (place === "control begins" || place === "control")
    return byte >= 0x40 && byte <= 0x7e ? "outside" : "control";
  return "outside";
}
