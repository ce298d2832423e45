/** Finds the drivers of all devices: those that are there at boot, and those that appear later. */

import { follow } from "../../system/follow.ts";
import type { Devices, Uevent } from "../../system/kernel/kernel.ts";
import { type Log, reason } from "../../system/log.ts";
import type { AliasTable } from "./alias.ts";
import { type Device, isNetworkPath, listBus, listBuses } from "./device.ts";
import type { LoadOptions, ModuleLoader } from "./loader.ts";

/** How long network adapters have the processor to themselves: a node is of use once it has an address. */
const HEAD_START_MILLISECONDS = 1_000;
/**
 * How much of that is left to them once their drivers are in: a virtio adapter shows only when its controller has a
 * driver, and where nothing delays it an address is there by then.
 */
const QUIET_START_MILLISECONDS = 300;
/** After so long without a device event, the buses have shown all their devices. */
const QUIET_MILLISECONDS = 300;
/** The same after an event of USB: a hub debounces, resets and asks each of its ports in turn. */
const USB_QUIET_MILLISECONDS = 1_000;

export interface Coldplug {
  /** Resolves when every driver requested so far for these devices is loaded, failed or late, and the buses are quiet. */
  settled(which: "keyboards" | "everything"): Promise<void>;
}

export interface ColdplugOptions {
  readonly root: string;
  readonly kernel: Pick<Devices, "uevents">;
  readonly aliases: AliasTable;
  readonly loader: ModuleLoader;
  readonly log: Log;
  /** Which devices get their drivers. */
  readonly wanted: (device: Device) => boolean;
  readonly signal: AbortSignal;
}

/** Loads the drivers of every wanted device, now and as more appear until the signal. */
export function startColdplug(options: ColdplugOptions): Coldplug {
  const { root, kernel, aliases, loader, log, wanted, signal } = options;
  const pending = { keyboards: new Set<Promise<unknown>>(), everything: new Set<Promise<unknown>>() };
  let quietAt = performance.now() + QUIET_MILLISECONDS;
  let walk = Promise.resolve();

  function plug(device: Device, options: LoadOptions = {}): void {
    if (!wanted(device)) return;
    const waiting = isKeyboardPath(device) ? [pending.keyboards, pending.everything] : [pending.everything];
    for (const module of aliases.find(device.modalias)) {
      const load = loader.load(module, options);
      for (const set of waiting) {
        set.add(load);
        void load.then(() => set.delete(load));
      }
    }
  }

  function handle({ action, path, env }: Uevent): void {
    const patience = env.get("SUBSYSTEM") === "usb" ? USB_QUIET_MILLISECONDS : QUIET_MILLISECONDS;
    quietAt = Math.max(quietAt, performance.now() + patience);
    const modalias = env.get("MODALIAS");
    if (action === "add" && modalias !== undefined) plug({ path, modalias });
  }

  function look(): void {
    walk = plugAll();
    walk.catch((error: unknown) => log.error(`Cannot look through the devices: ${reason(error)}, ignoring`));
  }

  async function plugAll(): Promise<void> {
    for (const device of listBus(root, "pci").filter(isNetworkPath)) plug(device);
    const headStart = Bun.sleep(HEAD_START_MILLISECONDS).then(() => "over");
    while (pending.everything.size > 0) {
      if ((await Promise.race([Promise.all(pending.everything), headStart])) === "over") break;
      await Bun.sleep(QUIET_START_MILLISECONDS);
    }
    // They come second on the processor too: on a PC with only one, DHCP would wait for the disks' controller. For a
    // keyboard a person waits.
    for (const bus of listBuses(root))
      for (const device of listBus(root, bus)) plug(device, { yields: !isKeyboardPath(device) });
  }

  async function settled(which: "keyboards" | "everything"): Promise<void> {
    await walk;
    for (;;) {
      await Promise.all(pending[which]);
      const left = quietAt - performance.now();
      if (pending[which].size === 0 && left <= 0) return;
      await Bun.sleep(Math.max(left, 1));
    }
  }

  const events = (until: AbortSignal): AsyncIterable<Uevent> => kernel.uevents(until);
  void follow({ name: "follow device events", events, handle, look, log, signal });
  return { settled };
}

/** Devices that a keyboard needs: PS/2 and USB controllers, hubs and HID, and the input layer's own handlers. */
const KEYBOARD_BUSES = [
  /^(serio|input|hid):/,
  /^pci:.*bc0Csc03/,
  /^usb:.*ic(03|09)isc/,
  /^(acpi|pnp):.*PNP03[0-9A-F]{2}/,
  /^platform:i8042/,
  /^vmbus:6dad12f9172bea48bd65f927a61c7684/,
] as const;

/** Whether a device is a keyboard, or lies on the way to one. */
export function isKeyboardPath({ modalias }: Device): boolean {
  return KEYBOARD_BUSES.some((pattern) => pattern.test(modalias));
}
