import { beforeAll, expect, test } from "bun:test";
import { ENTRIES } from "../../modes/serve/entries.ts";
import { ENTERED } from "../lib/node.ts";
import { createBootNetwork } from "./boot-network.ts";
import { chooseEntry, MEDIUM, seeNode, startMachine, TRY_AGAIN } from "./machine.ts";
import { buildMedia, type Media } from "./media.ts";

const MACS = ["52:54:00:00:00:01", "52:54:00:00:00:02"] as const;

/** A node that waits whether a DHCP server answers, then another that boots from it. */
const TWO_BOOTS = { within: 180 };

let media: Media;

beforeAll(async () => {
  media = await buildMedia();
}, 300_000);

test("one CD starts a room without a DHCP server: its node boots another, and they see each other", async () => {
  await using network = await createBootNetwork();
  const under = network.under("server");
  const devices = [...MEDIUM.sata(media.iso), ...network.nic(0, MACS[0], ",romfile=")];
  await using first = await startMachine({ name: "serve-first", firmware: "bios", under, devices });
  await chooseEntry(first, ENTRIES.length);
  await first.console.expect("serve.img: OK", TWO_BOOTS);
  expect((await first.console.expect(ENTERED, TWO_BOOTS))[1]).toBe("ClumpOS");
  await first.console.expect("with addresses 192.168.77.2 to 192.168.77.254", TWO_BOOTS);

  const second = { name: "serve-second", firmware: "bios", under } as const;
  // A BIOS that comes too early for the server tries again.
  const patient = [...network.nic(1, MACS[1]), ...TRY_AGAIN];
  await using other = await startMachine({ ...second, devices: patient });
  const { mode, address = "" } = await seeNode(other, TWO_BOOTS);
  expect(address).toMatch(/^192\.168\.77\.\d+\/24$/);
  expect(mode).toBe("ClumpOS");
  await first.console.expect(new RegExp(`${RegExp.escape(address.split("/")[0]!)} +up`), TWO_BOOTS);
  await other.console.expect(/192\.168\.77\.1 +up/, TWO_BOOTS);
}, 600_000);
