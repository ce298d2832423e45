import { expect, test } from "bun:test";
import { takesDevices } from "../../../../probes/modules/hot-plug.ts";
import { makeRoot } from "../../../fixtures/root.ts";

const NAMED_SLOT = { "/sys/bus/pci/slots/1/address": "0000:01:00\n" };

test.each<[string, Record<string, string>, boolean]>([
  ["without PCI", {}, false],
  ["without slots", { "/sys/bus/pci/slots/": "" }, false],
  ["whose slots have names alone", NAMED_SLOT, false],
  ["with a slot whose power can be switched", { ...NAMED_SLOT, "/sys/bus/pci/slots/3-1/power": "0\n" }, true],
  ["of Hyper-V", { "/sys/bus/vmbus/devices/00000000-0000/class_id": "" }, true],
  ["of another hypervisor than Xen, whose bus is there", { "/sys/bus/xen/devices/": "" }, false],
  ["with a socket for CardBus", { "/sys/class/pcmcia_socket/pcmcia_socket0/card_insert": "" }, true],
])("a machine %s takes devices while it runs: %#", (_, files, takes) => {
  using root = makeRoot(files);
  expect(takesDevices(root.path)).toBe(takes);
});
