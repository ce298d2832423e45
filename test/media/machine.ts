/** A virtual machine that starts as a real one does: from a medium or the network, by its own firmware. */

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findAccelerator, qemuCommandWithPipe } from "../../assets/qemu/accelerator.ts";
import { shellLine } from "../../assets/qemu/arguments.ts";
import { Console } from "../../assets/qemu/console.ts";
import { pressKeys } from "../../assets/qemu/keyboard.ts";
import { Qmp, type QmpEvent } from "../../assets/qemu/qmp.ts";
import { timeFactor } from "../../assets/qemu/vm.ts";
import { ENTRIES } from "../../modes/serve/entries.ts";
import { CONFIGURED, ENTERED } from "../lib/node.ts";

export interface MediaMachine extends AsyncDisposable {
  readonly console: Console;
  readonly qmp: Qmp;
  /** Waits until QEMU has told of an event, from the start on; `within` is in seconds. */
  happens(isIt: (event: QmpEvent) => boolean, options: { readonly within: number }): Promise<void>;
}

export interface MediaOptions {
  /** Its log carries the name. */
  readonly name: string;
  /** "secure" is UEFI with Secure Boot enforced and the keys that PCs are sold with. */
  readonly firmware: "bios" | "uefi" | "secure";
  /** QEMU's arguments for what it starts from, and for its network. */
  readonly devices: readonly string[];
  /** A command to run QEMU under. */
  readonly under?: readonly string[];
  /** Default: what GRUB needs. */
  readonly memoryMegabytes?: number;
}

/** Seconds for a stage of a boot: up to four emulated machines share the processors. */
export const STAGE = { within: 150 };

/** Where the ISO is plugged in; nothing can write to it. */
export const MEDIUM = {
  cd: (path: string) => ["-drive", `if=none,id=medium,format=raw,readonly=on,file=${path}`, ...CD_DEVICE],
  sata: (path: string) => ["-drive", `if=none,id=medium,format=raw,readonly=on,file=${path}`, ...SATA_DEVICE],
  disk: (path: string) => ["-drive", `if=none,id=medium,format=raw,readonly=on,file=${path}`, ...DISK_DEVICE],
  usb: (path: string) => ["-drive", `if=none,id=medium,format=raw,readonly=on,file=${path}`, ...USB_DEVICE],
} as const;

/** On IDE with a BIOS, which reads it a word at a time; on SATA with UEFI. */
const CD_DEVICE = ["-device", "ide-cd,id=cd,drive=medium,bootindex=0"];
const SATA_DEVICE = [
  "-device",
  "ahci,id=sata",
  "-device",
  "ide-cd,id=cd,bus=sata.0,drive=medium,bootindex=0",
];
const DISK_DEVICE = ["-device", "virtio-blk-pci,drive=medium,bootindex=0"];

const USB_DEVICE = [
  ...["-device", "qemu-xhci,id=usb"],
  ...["-device", "usb-storage,id=stick,bus=usb.0,drive=medium,bootindex=0"],
];

/** A network card on QEMU's own network, that nothing boots from. */
export const PLAIN_NIC = ["-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile="];

/** Has a BIOS that has found nothing to boot from begin anew after 3 s, as many PCs do. */
export const TRY_AGAIN = ["-boot", "reboot-timeout=3000"];

/** GRUB reads what it loads under UEFI into a heap that is a quarter of the memory, the image more than once. */
const MEMORY_MEGABYTES = { bios: 768, uefi: 1024, secure: 1024 } as const;

const OVMF = "/usr/share/OVMF";

export async function startMachine({
  name,
  firmware,
  devices,
  under = [],
  memoryMegabytes = MEMORY_MEGABYTES[firmware],
}: MediaOptions): Promise<MediaMachine> {
  const folder = mkdtempSync(join(tmpdir(), "clump-media-"));
  const events = new EventList();
  const qmp = new Qmp(join(folder, "qmp"), events.add);
  const kvm = (await findAccelerator()) === "kvm";
  const machine = [
    ...["-nodefaults", "-display", "none", "-vga", "std", "-m", String(memoryMegabytes)],
    ...["-accel", kvm ? "kvm" : "tcg,thread=multi", "-cpu", kvm ? "host" : "max"],
    ...firmwareArguments(firmware, folder),
    ...devices,
  ];
  const own = ["-serial", "stdio", "-qmp", `unix:${join(folder, "qmp")}`, "-S"];
  const command = [...under, ...qemuCommandWithPipe(), ...machine, ...own];
  const qemu = Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "pipe" });
  const console = new Console({
    write(bytes) {
      qemu.stdin.write(bytes);
      qemu.stdin.flush();
    },
    reproduction: shellLine(command),
    timeFactor: timeFactor(),
  });
  const drained = drain(qemu.stdout, console);
  const exited = Promise.all([qemu.exited, qemu.stderr.text(), drained]).then(([code, said]) => {
    console.end(`QEMU ended with ${code}: ${said.trim()}`);
    qmp.end("QEMU ended");
  });
  // It waited (-S) until keys can be pressed. A QEMU that did not start says why at the first expectation.
  await qmp.execute("cont").catch(() => {});
  return {
    console,
    qmp,
    happens: (isIt, { within }) => events.wait(isIt, within * timeFactor()),
    async [Symbol.asyncDispose]() {
      qemu.kill("SIGKILL");
      await exited;
      qmp[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
      mkdirSync("dist/test", { recursive: true });
      writeFileSync(`dist/test/media-${name}.log`, console.text);
    },
  };
}

class EventList {
  readonly #events: QmpEvent[] = [];
  #wake = Promise.withResolvers<void>();

  add = (event: QmpEvent): void => {
    this.#events.push(event);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  };

  async wait(isIt: (event: QmpEvent) => boolean, seconds: number): Promise<void> {
    const late = Promise.withResolvers<never>();
    const told = () => `there were ${this.#events.map(({ event }) => event).join(", ") || "none"}`;
    const fail = () => late.reject(new Error(`Cannot see the event within ${seconds} s: ${told()}`));
    const timer = setTimeout(fail, seconds * 1000);
    try {
      while (!this.#events.some(isIt)) await Promise.race([this.#wake.promise, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Waits for the menu and goes down to an entry, by the keyboard. */
export async function chooseEntry({ console, qmp }: MediaMachine, index: number): Promise<void> {
  await console.expect("executed automatically in", STAGE);
  for (let row = 0; row < index; row++) {
    await pressKeys(qmp, ["down"]);
    // GRUB marks where it is; a keyboard forgets what is pressed much faster than it is taken.
    await console.expect(/^\*\w+/m, STAGE);
  }
  await pressKeys(qmp, ["ret"]);
}

/**
 * Boots a mode from the menu of a medium that proves to be whole.
 * @throws Error where the node enters another mode
 */
export async function chooseMode(machine: MediaMachine, title: string): Promise<void> {
  const entry = ENTRIES.findIndex((each) => each.title === title);
  await chooseEntry(machine, entry);
  await machine.console.expect("initramfs.img: OK", STAGE);
  const [, entered] = await machine.console.expect(ENTERED, STAGE);
  if (entered !== title) throw new Error(`Cannot boot ${title}: the node is in ${entered} mode`);
}

/**
 * Waits until a node has a mode and an address, as "10.0.2.15/24". On a slow machine the mode comes first: it waits 10 s
 * for an address, and then the screen alone says that there is one.
 */
export async function seeNode(
  { console }: Pick<MediaMachine, "console">,
  limit = STAGE,
): Promise<{ readonly mode: string | undefined; readonly address: string | undefined }> {
  const [, mode] = await console.expect(ENTERED, limit);
  const address = CONFIGURED.exec(console.text)?.[2] ?? (await console.expect(ADDRESS, limit))[1];
  return { mode, address };
}

/** On clumpview's pages. */
const ADDRESS = /address +(\d+\.\d+\.\d+\.\d+\/\d+)/;

function firmwareArguments(firmware: MediaOptions["firmware"], folder: string): string[] {
  if (firmware === "bios") return ["-machine", "pc"];
  const [code, variables] =
    firmware === "secure"
      ? ["OVMF_CODE_4M.secboot.fd", "OVMF_VARS_4M.ms.fd"]
      : ["OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"];
  const own = join(folder, "variables.fd");
  copyFileSync(join(OVMF, variables), own);
  return [
    ...["-machine", firmware === "secure" ? "q35,smm=on" : "q35"],
    ...["-global", `driver=cfi.pflash01,property=secure,value=${firmware === "secure" ? "on" : "off"}`],
    ...["-drive", `if=pflash,unit=0,format=raw,readonly=on,file=${join(OVMF, code)}`],
    ...["-drive", `if=pflash,unit=1,format=raw,file=${own}`],
  ];
}

async function drain(stdout: ReadableStream<Uint8Array>, console: Console): Promise<void> {
  for await (const bytes of stdout) console.receive(bytes);
}
