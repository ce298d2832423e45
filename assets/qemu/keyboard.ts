/** A person at the keyboard of a virtual machine. */

import type { Qmp } from "./qmp.ts";

/** A keyboard repeats the key held about this often once it does (PS/2 typematic: 2 to 30 a second). */
const REPEAT_MILLISECONDS = 100;

/** Presses keys together and lets go, by QEMU's names for them (qapi/ui.json, QKeyCode): "esc", "ctrl", "a". */
export async function pressKeys(qmp: Qmp, keys: readonly string[]): Promise<void> {
  await qmp.execute("send-key", { keys: keys.map((data) => ({ type: "qcode", data })) });
}

/** Between two letters: the keyboard of a PC forgets what nobody has taken after sixteen bytes. */
const TYPING_MILLISECONDS = 60;

/** What is typed with Shift on a keyboard of the United States, by the key. */
const SHIFTED: Readonly<Record<string, string>> = {
  "|": "backslash",
  "&": "7",
  ">": "dot",
  "*": "8",
  _: "minus",
};

/** Types small letters, digits, "\n" for Enter, and what the tables have. */
export async function typeText(qmp: Qmp, text: string): Promise<void> {
  const names: Readonly<Record<string, string>> = {
    " ": "spc",
    "\n": "ret",
    ".": "dot",
    "/": "slash",
    "-": "minus",
    ";": "semicolon",
    "=": "equal",
  };
  for (const letter of text) {
    const shifted = SHIFTED[letter] ?? (/[A-Z]/.test(letter) ? letter.toLowerCase() : undefined);
    await Bun.sleep(TYPING_MILLISECONDS);
    await pressKeys(qmp, shifted === undefined ? [names[letter] ?? letter] : ["shift", shifted]);
  }
}

/**
 * Holds one key down until disposed, telling the machine again and again as a keyboard does:
 * a driver that arrives late sees it all the same.
 */
export function holdKey(qmp: Qmp, key: string): AsyncDisposable {
  const send = (down: boolean) =>
    qmp.execute("input-send-event", {
      events: [{ type: "key", data: { down, key: { type: "qcode", data: key } } }],
    });
  // Each repetition waits for its answer; one that fails belongs to a machine that is gone.
  const timer = setInterval(() => send(true).catch(() => clearInterval(timer)), REPEAT_MILLISECONDS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await send(false).catch(() => {});
    },
  };
}
