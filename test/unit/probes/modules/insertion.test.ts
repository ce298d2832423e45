import { expect, test } from "bun:test";
import { createInsertion } from "../../../../probes/modules/insertion.ts";
import { makeRoot } from "../../../fixtures/root.ts";

const FOLDER = "/lib/modules/6.1.0-57-amd64";
/** Lines of the image's list. */
const LIST = `r8169 kernel/drivers/net/phy/libphy.ko kernel/drivers/net/phy/realtek.ko kernel/drivers/net/ethernet/realtek/r8169.ko
xhci_pci kernel/drivers/usb/core/usbcore.ko kernel/drivers/usb/host/xhci-pci.ko
`;
const FILES = {
  [`${FOLDER}/modules.inserts`]: LIST,
  "/proc/cmdline": "BOOT_IMAGE=vmlinuz novnc clump.key=r8169\n",
};
const PLAIN = [
  ...["/usr/lib/clump/insert", "xhci_pci", `${FOLDER}/kernel/drivers/usb/core/usbcore.ko`],
  `${FOLDER}/kernel/drivers/usb/host/xhci-pci.ko`,
];

function commandFor(module: string, files: Record<string, string>): readonly string[] {
  using root = makeRoot({ ...FILES, ...files });
  return createInsertion(root.path, FOLDER)(module);
}

test.each<[string, Record<string, string>]>([
  ["the list has it", {}],
  ["another module has a parameter", { "/proc/cmdline": "e1000.debug=1 modprobe.blacklist=xhci_pci\n" }],
  ["the configuration of modprobe is empty", { "/etc/modprobe.d/": "" }],
])("a module's files are inserted where %s", (_, files) => {
  expect(commandFor("xhci_pci", files)).toEqual(PLAIN);
});

test.each<[string, string, Record<string, string>]>([
  ["the list lacks it", "e1000", {}],
  ["it is the end of another name", "pci", {}],
  ["there is no list", "xhci_pci", { [`${FOLDER}/modules.inserts`]: "" }],
  ["it has a parameter", "xhci_pci", { "/proc/cmdline": "quiet xhci-pci.quirks=1\n" }],
  ["what it depends on has one", "xhci_pci", { "/proc/cmdline": "usbcore.nousb\n" }],
  ["a person has told modprobe what to do", "xhci_pci", { "/etc/modprobe.d/mine.conf": "blacklist a\n" }],
  ["a program has", "xhci_pci", { "/run/modprobe.d/mine.conf": "blacklist a\n" }],
])("modprobe loads a module where %s", (_, module, files) => {
  expect(commandFor(module, files)).toEqual(["/usr/sbin/modprobe", "--use-blacklist", module]);
});
