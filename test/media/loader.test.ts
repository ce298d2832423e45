import { beforeAll, expect, test } from "bun:test";
import { copyFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { holdKey, pressKeys } from "../../assets/qemu/keyboard.ts";
import { ENTRIES, MEDIA_ENTRIES } from "../../modes/serve/entries.ts";
import { ENTERED } from "../lib/node.ts";
import { chooseEntry, MEDIUM, PLAIN_NIC, STAGE, startMachine } from "./machine.ts";
import { buildMedia, type Media } from "./media.ts";

let media: Media;

beforeAll(async () => {
  media = await buildMedia();
}, 300_000);

test("Shift, held from the start, leads to Expert in the BIOS's boot loader, without a wait", async () => {
  const devices = [...MEDIUM.sata(media.iso), ...PLAIN_NIC];
  await using machine = await startMachine({ name: "shift", firmware: "bios", devices });
  {
    await using _held = holdKey(machine.qmp, "shift");
    await machine.console.expect("Checking the medium", STAGE);
  }
  expect(machine.console.text).not.toContain("executed automatically in 4s");
  expect((await machine.console.expect(ENTERED, STAGE))[1]).toBe("Expert");
});

test("a damaged initramfs is named and not booted", async () => {
  const damaged = `${media.iso}.damaged`;
  copyFileSync(media.iso, damaged);
  try {
    // The middle of the image is in the packed system, by far the largest file.
    await using file = await open(damaged, "r+");
    const at = Math.floor((await file.stat()).size / 2);
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
    await file.write(Buffer.from([buffer[0]! ^ 0xff]), 0, 1, at);
    const devices = MEDIUM.disk(damaged);
    await using machine = await startMachine({ name: "damaged", firmware: "bios", devices });
    await chooseEntry(machine, 0);
    await machine.console.expect("initramfs.img: HASH MISMATCH", STAGE);
    await machine.console.expect("Cannot boot this medium", STAGE);
    await machine.console.expect("ESC leads back to the menu", STAGE);
    await pressKeys(machine.qmp, ["esc"]);
    await machine.console.expect("*ClumpOS", STAGE);
    expect(machine.console.text).not.toContain("Linux version");
  } finally {
    rmSync(damaged, { force: true });
  }
});

test.each(["bios", "uefi"] as const)("the memory test starts by %s", async (firmware) => {
  const devices = MEDIUM.cd(media.iso);
  await using machine = await startMachine({ name: `memory-${firmware}`, firmware, devices });
  await chooseEntry(machine, ENTRIES.length + MEDIA_ENTRIES.length);
  await machine.console.expect("Memtest86+", STAGE);
});
