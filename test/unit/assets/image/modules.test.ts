import { describe, expect, test } from "bun:test";
import {
  closeOver,
  moduleName,
  parseInserts,
  parseModuleLists,
  plainPath,
  selectModules,
} from "../../../../assets/image/modules.ts";

/** Lines of depmod's lists for Linux 6.1 and, where compressed, 6.12. */
const INDEX = parseModuleLists({
  dep: `kernel/drivers/net/ethernet/realtek/r8169.ko: kernel/drivers/net/phy/mdio_devres.ko kernel/drivers/net/phy/libphy.ko
kernel/drivers/net/phy/mdio_devres.ko: kernel/drivers/net/phy/libphy.ko
kernel/drivers/net/phy/libphy.ko:
kernel/drivers/net/phy/realtek.ko: kernel/drivers/net/phy/libphy.ko
kernel/drivers/net/ethernet/broadcom/bnx2x/bnx2x.ko: kernel/lib/libcrc32c.ko
kernel/lib/libcrc32c.ko:
kernel/arch/x86/crypto/crc32c-intel.ko.xz:
kernel/crypto/crc32c_generic.ko.xz:
kernel/drivers/net/usb/hso.ko: kernel/drivers/usb/core/usbcore.ko
kernel/drivers/usb/core/usbcore.ko:
`,
  softdep:
    "# Soft dependencies extracted from modules themselves.\nsoftdep r8169 pre: realtek\nsoftdep libcrc32c pre: crc32c\n",
  alias: `# Aliases extracted from modules themselves.
alias crc32c crc32c_generic
alias crc32c crc32c_intel
alias pci:v000010ECd00008168sv*sd*bc*sc*i* r8169
`,
  builtin: "kernel/drivers/input/serio/i8042.ko\nkernel/net/packet/af_packet.ko\n",
});

const GROUP = { name: "network", folders: ["net/ethernet/realtek", "net/usb"], modules: [], firmware: true };

describe("closeOver()", () => {
  test("takes what a module depends on, and what that depends on", () => {
    expect(closeOver(["r8169"], INDEX)).toContain("libphy");
  });

  test("takes soft dependencies, by name", () => {
    expect(closeOver(["r8169"], INDEX)).toContain("realtek");
  });

  test("takes every module a soft dependency's alias stands for", () => {
    expect(closeOver(["bnx2x"], INDEX)).toEqual(["bnx2x", "crc32c_generic", "crc32c_intel", "libcrc32c"]);
  });

  test("leaves out what is built in or unknown", () => {
    expect(closeOver(["i8042", "nothing"], INDEX)).toEqual([]);
  });
});

describe("selectModules()", () => {
  test("takes whole folders, and only below them", () => {
    expect(selectModules(INDEX, GROUP, []).selected).toEqual(["r8169", "hso"]);
  });

  test("leaves out what the manifest leaves out", () => {
    expect(selectModules(INDEX, GROUP, ["hso"]).selected).toEqual(["r8169"]);
  });

  test("names what the kernel has neither as a module nor built in", () => {
    const group = { ...GROUP, folders: [], modules: ["i8042", "crc32c_intel", "button"] };
    expect(selectModules(INDEX, group, [])).toEqual({ selected: ["crc32c_intel"], missing: ["button"] });
  });
});

test.each([
  ["kernel/drivers/usb/host/xhci-pci.ko", "xhci_pci", "kernel/drivers/usb/host/xhci-pci.ko"],
  ["kernel/drivers/usb/host/xhci-pci.ko.xz", "xhci_pci", "kernel/drivers/usb/host/xhci-pci.ko"],
  ["kernel/net/802/mrp.ko.zst", "mrp", "kernel/net/802/mrp.ko"],
])("moduleName() and plainPath() of %s", (path, name, plain) => {
  expect([moduleName(path), plainPath(path)]).toEqual([name, plain]);
});

/** What modprobe --show-depends of kmod 30 says. */
test.each<[string, string, string[] | undefined]>([
  ["each file once, in order", "insmod /m/a.ko \ninsmod /m/b.ko \ninsmod /m/a.ko \n", ["a.ko", "b.ko"]],
  ["nothing of what is built in", "builtin usbcore\ninsmod /m/kernel/x.ko \n", ["kernel/x.ko"]],
  ["no files where a module has parameters", "insmod /m/a.ko \ninsmod /m/b.ko index=-2\n", undefined],
  ["no files where a command is run", "install /bin/true\n", undefined],
])("parseInserts() gives %s", (_, output, files) => {
  expect(parseInserts(output, "/m")).toEqual(files);
});
