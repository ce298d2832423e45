/** A node without a terminal: boots the node, prints its summary, powers it off. */

import type { VmOptions } from "../qemu/arguments.ts";
import { UnseenError } from "../qemu/console.ts";
import { startVm, type Vm } from "../qemu/vm.ts";

/** Limits for emulated machines on a busy host; `VM_TIME` multiplies them. */
const BOOT_SECONDS = 120;
const PROMPT_SECONDS = 30;
const BUTTON_SECONDS = 30;
const POWER_OFF_SECONDS = 45;

/** PID 1's lines: `clump: configured: node 15, 10.0.2.15/24 on eth0, map 1 10.0.2.1 254`. */
const CONFIGURED = /clump: configured: node (\d+), (\S+) on (\S+?), map (.+)/;
const ENTERED = /clump: entering (\S+) mode.*/;

const BUTTON_WATCHED = "clump: watching the power button";

/** clumpd's lines: `clumpd: node 2 (192.168.1.2) is up`. */
const OTHER_NODE = /clumpd: (node \d+ \(\S+\)) is up/;

/** The mode that configures nothing: a node in it waits for no address. */
const UNCONFIGURED_MODE = "Safe";

export interface Report {
  /** The number of other nodes that this node is to see before the power-off. */
  readonly others: number;
  readonly print: (line: string) => void;
}

/** Boots the machine, prints its summary and powers it off. @throws Error that names the step that failed */
export async function bootAndReport(machine: VmOptions, { others, print }: Report): Promise<void> {
  // Without `debug`, or after a user's `quiet`, the lines to wait for may not reach the console.
  const append = `${machine.append} debug`;
  await using vm = await startVm({ ...machine, append, onRestart: "exit" });
  const title = await sayWhyNot(vm, "boot the node", () => waitForMode(vm, machine));
  for (const line of summary(vm)) print(line);
  const seen = () => waitForOthers(vm, title === UNCONFIGURED_MODE ? 0 : others);
  for (const other of await sayWhyNot(vm, "see all other nodes", seen)) print(other);

  await sayWhyNot(vm, "power the node off", () => askForPowerOff(vm, title));
  const end = await vm.ended({ within: POWER_OFF_SECONDS });
  if (end !== "guest-shutdown") throw new Error(`Cannot power the node off: the machine ended with ${end}`);
}

/** Turns the failure of a wait into what a user reads: the last lines of the console, and the reason below them. */
async function sayWhyNot<T>({ console }: Vm, purpose: string, wait: () => Promise<T>): Promise<T> {
  try {
    return await wait();
  } catch (error) {
    if (!(error instanceof UnseenError)) throw error;
    const lines = console.text === "" ? "" : `${console.describe()}\n`;
    throw new Error(`${lines}Cannot ${purpose}: ${error.why}`);
  }
}

/** Waits until the node is in its mode and has the address that the mode wants; resolves to the title of the mode. */
async function waitForMode({ console }: Vm, { nics }: VmOptions): Promise<string> {
  const [, title = ""] = await console.expect(ENTERED, { within: BOOT_SECONDS });
  if (title === UNCONFIGURED_MODE) return title;
  if (nics.length === 0)
    throw new Error(
      "Cannot configure the node: --nic none leaves it without a NIC, and only Safe mode wants none",
    );
  // A node enters its mode without the lease of a slow server, and after the lease of a quick one.
  if (console.timeOf(CONFIGURED) === undefined) await console.expect(CONFIGURED, { within: BOOT_SECONDS });
  return title;
}

/** Waits until the node has seen this number of other nodes; resolves to a line for each. */
async function waitForOthers({ console }: Vm, others: number): Promise<string[]> {
  const seen = new Set<string>();
  while (seen.size < others) {
    const [, other = ""] = await console.expect(OTHER_NODE, { within: BOOT_SECONDS });
    seen.add(`sees     ${other}`);
  }
  return [...seen].toSorted();
}

async function askForPowerOff({ console, qmp }: Vm, title: string): Promise<void> {
  if (title !== UNCONFIGURED_MODE) {
    // The drivers load while the node is configured: a press before process 1 has opened the button is lost.
    await console.expect(BUTTON_WATCHED, { within: BUTTON_SECONDS, whenever: true });
    await qmp.execute("system_powerdown");
    return;
  }
  // Safe mode loads drivers for keyboards alone, and none for the power button; its shell has the command.
  await console.expect("# ", { within: PROMPT_SECONDS });
  console.send("poweroff\n");
}

function summary({ console }: Vm): string[] {
  const [, node, address, nic, map] = CONFIGURED.exec(console.text) ?? [];
  const device = console.lines.find(({ text }) => nic !== undefined && text.endsWith(`-> ${nic}`));
  const at = console.timeOf(CONFIGURED) ?? console.timeOf(ENTERED) ?? 0;
  const rows: [string, string | undefined][] = [
    ["mode", ENTERED.exec(console.text)?.[1]],
    ["node", node],
    ["address", address && `${address} on ${nic}`],
    ["NIC", device?.text.replace(/^.*clump: /, "")],
    ["map", map],
    ["time", `${(at / 1000).toFixed(1)} s from the machine's start`],
  ];
  return rows.filter(([, value]) => value !== undefined).map(([name, value]) => `${name.padEnd(8)} ${value}`);
}
