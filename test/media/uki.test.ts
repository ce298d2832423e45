import { beforeAll, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type EfiFile, writeEfiPartition } from "../../assets/loaders/efi-partition.ts";
import type { Loaders } from "../../assets/loaders/loaders.ts";
import { holdKey } from "../../assets/qemu/keyboard.ts";
import { writeUki } from "../../assets/release/uki.ts";
import { KERNEL_WORDS } from "../../modes/serve/entries.ts";
import { ENTERED } from "../lib/node.ts";
import { MEDIUM, type MediaMachine, PLAIN_NIC, STAGE, startMachine } from "./machine.ts";
import { findImage } from "./media.ts";

const FOLDER = "dist/test";
const UKI = `${FOLDER}/clump.efi`;

let loaders: Loaders;

beforeAll(async () => {
  const inputs = { ...(await findImage()), version: "7.0.0" };
  loaders = inputs.loaders;
  mkdirSync(FOLDER, { recursive: true });
  await writeUki(`${UKI}.first`, inputs);
  await writeUki(UKI, inputs);
}, 300_000);

/** A machine with UEFI and a disk that has these files. */
async function startFrom(name: string, files: readonly EfiFile[]) {
  const partition = `${FOLDER}/${name}.img`;
  await writeEfiPartition(partition, files, "00000001");
  const devices = [...MEDIUM.disk(partition), ...PLAIN_NIC];
  return startMachine({ name, firmware: "uefi", devices });
}

function write(name: string, text: string): string {
  writeFileSync(`${FOLDER}/${name}`, text);
  return `${FOLDER}/${name}`;
}

/** Asked of a shell: of the kernel's first lines, all at once, a busy QEMU may lose some. */
async function commandLine({ console }: MediaMachine): Promise<string | undefined> {
  await console.expect("# ", STAGE);
  console.send("\necho is''-: $(cat /proc/cmdline)\n");
  return (await console.expect(/is-: (.*)\n/, STAGE))[1];
}

test("made again, the unified kernel image has the same bytes", () => {
  expect(readFileSync(`${UKI}.first`).equals(readFileSync(UKI))).toBe(true);
});

test("the unified kernel image boots by itself under UEFI, and Shift, held, leads to Expert there too", async () => {
  await using machine = await startFrom("uki", [{ path: "EFI/BOOT/BOOTX64.EFI", from: UKI }]);
  // QEMU's keyboard holds more than the kernel expects of one, if a key repeats while nobody reads: then it has none.
  await machine.console.expect("Run /init as init process", STAGE);
  await using _held = holdKey(machine.qmp, "shift");
  expect((await machine.console.expect(ENTERED, STAGE))[1]).toBe("Expert");
  expect(await commandLine(machine)).toBe(KERNEL_WORDS);
});

test("systemd-boot boots it with the words of its entry in place of the default", async () => {
  const systemdBoot = loaders.file("systemd-boot-efi", "usr/lib/systemd/boot/efi/systemd-bootx64.efi");
  const entry = `title clump\nefi /EFI/clump/clump.efi\noptions ${KERNEL_WORDS} safe\n`;
  await using machine = await startFrom("systemd-boot", [
    { path: "EFI/BOOT/BOOTX64.EFI", from: systemdBoot },
    { path: "EFI/clump/clump.efi", from: UKI },
    { path: "loader/loader.conf", from: write("loader.conf", "default clump.conf\ntimeout 0\n") },
    { path: "loader/entries/clump.conf", from: write("clump.conf", entry) },
  ]);
  expect((await machine.console.expect(ENTERED, STAGE))[1]).toBe("Safe");
  expect(await commandLine(machine)).toBe(`${KERNEL_WORDS} safe`);
});
