import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { NIC_MODELS } from "../../assets/qemu/nics.ts";
import type { Vm } from "../../assets/qemu/vm.ts";
import { BOOT, bootNode, CONFIGURED } from "../lib/node.ts";
import { openShell, output } from "../lib/shell.ts";

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

/** As many at a time as find a place in one machine, each on a network of its own. */
describe.each([
  ["the first half", NIC_MODELS.slice(0, NIC_MODELS.length / 2)],
  ["the second half", NIC_MODELS.slice(NIC_MODELS.length / 2)],
] as const)("of the cards %s:", (half, models) => {
  let vm: Vm;
  const network = (model: (typeof NIC_MODELS)[number]) => `10.9.${models.indexOf(model)}`;

  beforeAll(async () => {
    const nics = models.map((model) => {
      return { model, network: { kind: "user", subnet: `${network(model)}.0/24` } } as const;
    });
    vm = await bootNode({ name: `nics ${half}`, append: "expert", nics });
    await vm.console.expect(CONFIGURED, BOOT);
    await openShell(vm, BOOT);
  }, 300_000);

  afterAll(async () => await vm?.[Symbol.asyncDispose]());

  test.each([...models])("%s is named in the report and gets its lease", async (model) => {
    const report = `clump: [^ ]+ ${EXPECTED[model]} [^ ]+ `;
    const line = await output(vm, `until dmesg | grep -E '${report}'; do usleep 300000; done`, BOOT);
    const name = /(\w+)\n$/.exec(line)?.[1];
    expect(name).toMatch(model === "usb-net" ? USB_NAME : /^eth\d$/);
    await output(
      vm,
      `until ip addr show ${name} | grep ' ${network(model)}.15/24 '; do usleep 300000; done`,
      BOOT,
    );
  });
});

/** Thousands of cycles a second: an emulated processor counts those of the host. */
function hostKilohertz(): number {
  const megahertz = /^cpu MHz\s*: ([\d.]+)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1];
  return Math.round(Number(megahertz) * 1_000);
}

test("a machine without PCI gets its lease by virtio-mmio", async () => {
  // An emulated microvm has no other clock to measure the counter of cycles by.
  await using vm = await bootNode({
    ...{ name: "nics of a microvm", machine: "microvm", nics: [{ model: "virtio-net-device" }] },
    append: `expert tsc_early_khz=${hostKilohertz()}`,
  });
  await vm.console.expect(/clump: virtio0 virtio_net [^ ]+ eth0/, BOOT);
  await vm.console.expect(CONFIGURED, BOOT);
}, 300_000);
