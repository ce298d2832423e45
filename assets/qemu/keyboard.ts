/** A person at the keyboard of a virtual machine. */

import type { Qmp } from "./qmp.ts";

/** A keyboard repeats the key held about this often once it does (PS/2 typematic: 2 to 30 a second). */
const REPEAT_MILLISECONDS = 100;

/** Presses keys together and lets go, by QEMU's names for them (qapi/ui.json, QKeyCode): "esc", "ctrl", "a". */
export async function pressKeys(qmp: Qmp, keys: readonly string[]): Promise<void> {
  await qmp.execute("send-key", { keys: keys.map((data) => ({ type: "qcode", data })) });
}

/** Port 0x64 of a PC's keyboard controller; its lowest bit is set while bytes wait for the driver. */
const KEYBOARD_STATUS = "i /b 0x64";
const LOOK_MILLISECONDS = 10;
/** A machine that still runs takes a byte sooner. */
const TAKING_MILLISECONDS = 60_000;

/** What is typed with Shift on a keyboard of the United States, by the key. */
const SHIFTED: Readonly<Record<string, string>> = {
  "|": "backslash",
  "&": "7",
  ">": "dot",
  "*": "8",
  _: "minus",
};

const PLAIN: Readonly<Record<string, string>> = {
  " ": "spc",
  "\n": "ret",
  ".": "dot",
  "/": "slash",
  "-": "minus",
  ";": "semicolon",
  "=": "equal",
};

/**
 * Types letters, digits, "\n" for Enter, and the characters of the tables, on a PS/2 keyboard. The keyboard buffers
 * sixteen bytes and drops further ones, so each letter waits until the driver has taken the letter before.
 * @throws Error where the driver takes no letter for a minute
 */
export async function typeText(qmp: Qmp, text: string): Promise<void> {
  for (const letter of text) {
    const shifted = SHIFTED[letter] ?? (/[A-Z]/.test(letter) ? letter.toLowerCase() : undefined);
    const keys = shifted === undefined ? [PLAIN[letter] ?? letter] : ["shift", shifted];
    const down = keys.map((key) => keyEvent(key, true));
    const up = keys.toReversed().map((key) => keyEvent(key, false));
    await qmp.execute("input-send-event", { events: [...down, ...up] });
    await waitUntilTaken(qmp, letter);
  }
}

async function waitUntilTaken(qmp: Qmp, letter: string): Promise<void> {
  const deadline = performance.now() + TAKING_MILLISECONDS;
  for (;;) {
    const status = String(await qmp.execute("human-monitor-command", { "command-line": KEYBOARD_STATUS }));
    if ((Number(/= (0x\w+)/.exec(status)?.[1]) & 1) === 0) return;
    if (performance.now() > deadline)
      throw new Error(
        `Cannot type ${JSON.stringify(letter)}: the machine has not taken it from the PS/2 keyboard for a minute`,
      );
    await Bun.sleep(LOOK_MILLISECONDS);
  }
}

/**
 * Holds one key down until disposed, telling the machine again and again as a keyboard does:
 * a driver that arrives late sees it all the same.
 */
export function holdKey(qmp: Qmp, key: string): AsyncDisposable {
  const send = (down: boolean) => qmp.execute("input-send-event", { events: [keyEvent(key, down)] });
  // Each repetition waits for its answer; one that fails belongs to a machine that is gone.
  const timer = setInterval(() => send(true).catch(() => clearInterval(timer)), REPEAT_MILLISECONDS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await send(false).catch(() => {});
    },
  };
}

/** InputEvent of qapi/ui.json. */
function keyEvent(key: string, down: boolean): object {
  return { type: "key", data: { down, key: { type: "qcode", data: key } } };
}
