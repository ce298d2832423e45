import { beforeAll, expect, test } from "bun:test";
import { FIXED_CARDS } from "../../assets/qemu/arguments.ts";
import type { QmpEvent } from "../../assets/qemu/qmp.ts";
import { leaveByEscape } from "../lib/escape.ts";
import { chooseEntry, chooseMode, MEDIUM, PLAIN_NIC, STAGE, seeNode, startMachine } from "./machine.ts";
import { buildMedia, type Media } from "./media.ts";

/** Every medium under every firmware, and every mode; what is done beside is cheap once a machine is up. */

let media: Media;

beforeAll(async () => {
  media = await buildMedia();
}, 300_000);

test("bios-cd: Expert; the CD comes out once the node runs, has the tools, boots others from it when told to, and runs on without it", async () => {
  // No card can come, so the node drops its rare drivers, and others get those of the CD.
  const devices = [...FIXED_CARDS, ...MEDIUM.sata(media.iso), ...PLAIN_NIC];
  await using machine = await startMachine({ name: "bios-cd", firmware: "bios", devices });
  await chooseMode(machine, "Expert");
  await machine.console.expect("# ", STAGE);
  const isOut = (data: Readonly<Record<string, unknown>> | undefined) => data?.["tray-open"] === true;
  const outs = new Set<QmpEvent>();
  const isOutAgain = (event: QmpEvent): boolean =>
    event.event === "DEVICE_TRAY_MOVED" && isOut(event.data) && outs.add(event).size === 2;
  await machine.happens(({ event, data }) => event === "DEVICE_TRAY_MOVED" && isOut(data), STAGE);
  machine.console.send("\nclump tools && bash --version\n");
  await machine.console.expect("tmux are at hand, from /dev/sr0\n", STAGE);
  await machine.console.expect("GNU bash", STAGE);
  machine.console.send("\nuntil dmesg | grep 'rare drivers leave memory'; do usleep 300000; done\n");
  await machine.console.expect(/memory: no device can be plugged in/, STAGE);
  machine.console.send("\nclump start clumpserve && echo taken''-from-it\n");
  await machine.console.expect("taken-from-it", STAGE);
  await machine.happens(isOutAgain, STAGE);
  await machine.qmp.execute("blockdev-remove-medium", { id: "cd" });
  machine.console.send("\nls /usr/lib/modules/*/kernel/drivers/cdrom && echo runs''-on\n");
  await machine.console.expect("runs-on", STAGE);
});

test("bios-usb: NoVNC; the stick is pulled out, and the node runs on until ESC ends it", async () => {
  const devices = [...MEDIUM.usb(media.iso), ...PLAIN_NIC];
  await using machine = await startMachine({ name: "bios-usb", firmware: "bios", devices });
  await chooseMode(machine, "NoVNC");
  await machine.qmp.execute("device_del", { id: "stick" });
  await machine.happens(
    ({ event, data }) => event === "DEVICE_DELETED" && data?.["device"] === "stick",
    STAGE,
  );
  await machine.console.expect("shut this node down", STAGE);
  await leaveByEscape(machine);
  const isShutdown = (data: Readonly<Record<string, unknown>> | undefined) => data?.["guest"] === true;
  await machine.happens(({ event, data }) => event === "SHUTDOWN" && isShutdown(data), STAGE);
});

test("uefi-disk: Safe", async () => {
  const devices = [...MEDIUM.disk(media.iso), ...PLAIN_NIC];
  await using machine = await startMachine({ name: "uefi-disk", firmware: "uefi", devices });
  await chooseMode(machine, "Safe");
});

test("uefi-cd with a quarter of the memory: GRUB says so, and boots nothing", async () => {
  const devices = [...MEDIUM.sata(media.iso), ...PLAIN_NIC];
  const name = "uefi-small";
  await using machine = await startMachine({ name, firmware: "uefi", devices, memoryMegabytes: 256 });
  await chooseEntry(machine, 0);
  await machine.console.expect("error: out of memory", STAGE);
  await machine.console.expect("the PC has too little: 256 MB were wanted, or 1 GB with UEFI.", STAGE);
  await machine.console.expect("ESC leads back to the menu.", STAGE);
  expect(machine.console.text).not.toContain("Loading the system");
});

test("secure-cd: with Secure Boot enforced ClumpOS boots by itself and the node is configured", async () => {
  const devices = [...MEDIUM.cd(media.iso), ...PLAIN_NIC];
  await using machine = await startMachine({ name: "secure-cd", firmware: "secure", devices });
  await machine.console.expect("secureboot: Secure boot enabled", STAGE);
  expect(await seeNode(machine)).toEqual({ mode: "ClumpOS", address: "10.0.2.15/24" });
});
