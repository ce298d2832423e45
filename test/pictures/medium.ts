/** The screens of a PC that boots from the ISO by its BIOS. */

import { MEDIUM, PLAIN_NIC, STAGE, startMachine } from "../media/machine.ts";
import { buildMedia } from "../media/media.ts";
import { keepScreen } from "./keep.ts";

const LINE_MILLISECONDS = 1_000;

/** Takes the menu, and the line that says what is being loaded. */
export async function takeMedium(): Promise<void> {
  const { iso } = await buildMedia();
  const devices = [...MEDIUM.sata(iso), ...PLAIN_NIC];
  await using machine = await startMachine({ name: "pictures", firmware: "bios", devices });
  const { console, qmp } = machine;
  // The menu is whole once the seconds run.
  await console.expect("executed automatically in 3s", STAGE);
  await keepScreen(qmp, "menu.png");
  await console.expect("Loading the system", STAGE);
  // GRUB writes a line to the serial port before the screen.
  await Bun.sleep(LINE_MILLISECONDS);
  await keepScreen(qmp, "loading.png");
}
