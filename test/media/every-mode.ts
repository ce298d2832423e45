/**
 * Every mode by the keys of the menu, from every medium under every firmware: `bun test/media/every-mode.ts`. It takes
 * minutes; the suite has each medium, each firmware and each mode once.
 */

import { chooseMode, MEDIUM, PLAIN_NIC, startMachine } from "./machine.ts";
import { buildMedia } from "./media.ts";

const MODES = ["ClumpOS", "NoVNC", "Expert", "Safe"];
/** An emulated machine wants a processor for itself. */
const AT_A_TIME = 2;

const { iso } = await buildMedia();
const boots = (["bios", "uefi"] as const).flatMap((firmware) =>
  (["cd", "usb"] as const).flatMap((medium) => MODES.map((mode) => ({ firmware, medium, mode }))),
);
let failed = 0;

async function bootOne({ firmware, medium, mode }: (typeof boots)[number]): Promise<void> {
  const name = `${firmware}-${medium}-${mode}`;
  try {
    await using machine = await startMachine({
      name,
      firmware,
      devices: [...MEDIUM[medium](iso), ...PLAIN_NIC],
    });
    await chooseMode(machine, mode);
    console.log(`${name}: entered`);
  } catch (error) {
    failed += 1;
    console.log(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}

async function bootInTurn(): Promise<void> {
  for (let boot = boots.shift(); boot !== undefined; boot = boots.shift()) await bootOne(boot);
}

const total = boots.length;
await Promise.all(Array.from({ length: AT_A_TIME }, bootInTurn));
console.log(`${total - failed} of ${total} entered`);
process.exitCode = failed === 0 ? 0 : 1;
