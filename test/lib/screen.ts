/** Looking at the screen of a node until it shows something. */

import { screenText } from "../../assets/qemu/screen.ts";
import { timeFactor, type Vm } from "../../assets/qemu/vm.ts";
import { SOON } from "./node.ts";

/** The card's memory gives no event when it changes, so it is looked at. */
const LOOK_MILLISECONDS = 300;

/** Waits until the VGA screen shows a text. */
export function seeOnScreen(vm: Vm, text: string, { within } = SOON): Promise<void> {
  return lookUntil(vm, { what: `see "${text}" on`, within, isSo: (screen) => screen.includes(text) });
}

/** Waits until the VGA screen no longer shows a text. */
export function seeGone(vm: Vm, text: string, { within } = SOON): Promise<void> {
  return lookUntil(vm, { what: `see "${text}" leave`, within, isSo: (screen) => !screen.includes(text) });
}

/** Waits until the VGA screen shows something else than now. */
export async function seeChange(vm: Vm, { within } = SOON): Promise<void> {
  const before = await screenText(vm.qmp);
  return lookUntil(vm, { what: "see a change of", within, isSo: (screen) => screen !== before });
}

interface Look {
  readonly what: string;
  /** Seconds. */
  readonly within: number;
  readonly isSo: (screen: string) => boolean;
}

async function lookUntil(vm: Vm, { what, within, isSo }: Look): Promise<void> {
  const deadline = performance.now() + within * timeFactor() * 1000;
  for (;;) {
    const screen = await screenText(vm.qmp);
    if (isSo(screen)) return;
    if (performance.now() > deadline) throw new Error(`Cannot ${what} the screen:\n${rows(screen)}`);
    await Bun.sleep(LOOK_MILLISECONDS);
  }
}

/** A VGA text screen has 80 columns. */
function rows(screen: string): string {
  const lines = screen.match(/.{1,80}/g) ?? [];
  return lines.filter((line) => line.trim() !== "").join("\n");
}
