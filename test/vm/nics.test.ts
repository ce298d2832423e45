import { expect, test } from "bun:test";
import { NIC_MODELS } from "../../assets/qemu/nics.ts";
import { BOOT, bootNode, CONFIGURED } from "../lib/node.ts";

/** The identity of each card as the bus gives it, and Debian's driver for it; for the USB one there are two. */
const EXPECTED: Readonly<Record<(typeof NIC_MODELS)[number], string>> = {
  e1000: "8086:100e e1000",
  e1000e: "8086:10d3 e1000e",
  rtl8139: "10ec:8139 8139cp",
  pcnet: "1022:2000 pcnet32",
  ne2k_pci: "10ec:8029 ne2k-pci",
  i82551: "8086:1209 e100",
  tulip: "1011:0019 tulip",
  vmxnet3: "15ad:07b0 vmxnet3",
  "virtio-net-pci": "1af4:1000 virtio_net",
  "usb-net": "0525:a4a2 cdc_(ether|subset)",
};

/** The kernel's name for a USB adapter whose address nobody assigned (drivers/net/usb/usbnet.c). */
const USB_NAME = "usb0";

test.each([...NIC_MODELS])("%s is named in the report and gets its lease", async (model) => {
  // USB shows its devices late: the lease may come after the mode, when only `debug` still brings lines here.
  await using vm = await bootNode({ name: `nic ${model}`, append: "expert debug", nics: [{ model }] });
  const [, node, address, nic] = await vm.console.expect(CONFIGURED, BOOT);
  const name = model === "usb-net" ? USB_NAME : "eth0";
  expect([node, address, nic]).toEqual(["15", "10.0.2.15/24", name]);
  expect(vm.console.text).toMatch(new RegExp(`clump: \\S+ ${EXPECTED[model]} → ${name}`));
});
