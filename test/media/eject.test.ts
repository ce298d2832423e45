import { beforeAll, expect, test } from "bun:test";
import { BOOT, ENTERED } from "../lib/node.ts";
import { chooseEntry, MEDIUM, PLAIN_NIC, startMachine } from "./machine.ts";
import { buildMedia, type Media } from "./media.ts";

let media: Media;

beforeAll(async () => {
  media = await buildMedia("eject");
}, 300_000);

test("the CD comes out once the node runs, and the node runs on without it", async () => {
  const devices = [...MEDIUM.cd(media.iso), ...PLAIN_NIC];
  await using machine = await startMachine({ name: "eject", firmware: "bios", devices });
  await chooseEntry(machine, 2);
  expect((await machine.console.expect(ENTERED, BOOT))[1]).toBe("Expert");
  await machine.console.expect("# ", BOOT);
  const deadline = performance.now() + 20_000;
  const isOut = () =>
    machine.events.some(({ event, data }) => event === "DEVICE_TRAY_MOVED" && data?.["tray-open"] === true);
  while (!isOut() && performance.now() < deadline) await Bun.sleep(100);
  expect(isOut()).toBe(true);
  await machine.qmp.execute("blockdev-remove-medium", { id: "cd" });
  machine.console.send("\nls /usr/lib/modules/*/kernel/drivers/cdrom && echo runs''-on\n");
  await machine.console.expect("runs-on", { within: 20 });
});
