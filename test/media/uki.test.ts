import { beforeAll, expect, test } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { writeEfiPartition } from "../../assets/iso/efi-partition.ts";
import { writeUki } from "../../assets/release/uki.ts";
import { BOOT, CONFIGURED } from "../lib/node.ts";
import { MEDIUM, PLAIN_NIC, startMachine } from "./machine.ts";
import { findImage } from "./media.ts";

const UKI = "dist/test/clump.efi";
const PARTITION = "dist/test/uki-partition.img";

beforeAll(async () => {
  const inputs = { ...(await findImage()), version: "7.0.0" };
  mkdirSync("dist/test", { recursive: true });
  await writeUki(`${UKI}.first`, inputs);
  await writeUki(UKI, inputs);
  await writeEfiPartition(PARTITION, [{ path: "EFI/BOOT/BOOTX64.EFI", from: UKI }], "00000001");
}, 300_000);

test("made again, the unified kernel image has the same bytes", () => {
  expect(readFileSync(`${UKI}.first`).equals(readFileSync(UKI))).toBe(true);
});

test("the unified kernel image boots by itself under UEFI, with its default command line", async () => {
  const devices = [...MEDIUM.disk(PARTITION), ...PLAIN_NIC];
  await using machine = await startMachine({ name: "uki", firmware: "uefi", devices });
  await machine.console.expect("Command line: rootfstype=ramfs console=ttyS0,115200 console=tty0\n", BOOT);
  await machine.console.expect(CONFIGURED, BOOT);
});
