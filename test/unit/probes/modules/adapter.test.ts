import { describe, expect, test } from "bun:test";
import {
  describeAdapter,
  findAdapter,
  findUnreachable,
  findUnserved,
} from "../../../../probes/modules/adapter.ts";
import { parseAliases } from "../../../../probes/modules/alias.ts";
import type { ModuleState } from "../../../../probes/modules/loader.ts";
import { E1000, MODULE_ALIASES, makeRoot, ORPHAN, USB_NET, VIRTIO } from "../../../fixtures/root.ts";

const VIRTIO_DRIVER = "/sys/devices/pci0000:00/0000:00:04.0/virtio0/driver";

describe("findAdapter()", () => {
  test.each([
    ["eth0", "0000:00:03.0 8086:100e e1000"],
    ["eth1", "0000:00:04.0 1af4:1000 virtio_net"],
    ["usb0", "1-1 0525:a4a2 cdc_ether"],
  ])("knows the hardware under %s", (name, text) => {
    using root = makeRoot({ ...E1000, ...VIRTIO, ...USB_NET });
    expect(describeAdapter(findAdapter(root.path, name)!)).toBe(text);
  });

  test("knows what is on USB", () => {
    using root = makeRoot({ ...E1000, ...USB_NET });
    expect(["eth0", "usb0"].map((name) => findAdapter(root.path, name)?.isUsb)).toEqual([false, true]);
  });

  test("knows none under lo or what went away", () => {
    using root = makeRoot({ "/sys/class/net/lo/type": "772\n", "/sys/class/net/x/device": "-> ../../gone" });
    expect(findAdapter(root.path, "lo")).toBeUndefined();
    expect(findAdapter(root.path, "x")).toBeUndefined();
    expect(findAdapter(root.path, "eth9")).toBeUndefined();
  });

  test("names a device of a bus without ids by its place", () => {
    using root = makeRoot({ "/sys/devices/vmbus/abc/net/eth0/device": "-> ../../../abc" });
    root.write({ "/sys/class/net/eth0": "-> ../../devices/vmbus/abc/net/eth0" });
    expect(findAdapter(root.path, "eth0")).toEqual({
      location: "abc",
      ids: "",
      driver: "unknown driver",
      isUsb: false,
    });
    expect(describeAdapter({ location: "abc", ids: "", driver: "hv_netvsc" })).toBe("abc hv_netvsc");
  });
});

test.each([
  ["console=ttyS0 virtio_mmio.device=512@0xfeb02e00:12 quiet", true],
  ["virtio-mmio.device=512@0xfeb02e00:12", true],
  ["xvirtio_mmio.device=1 virtio_mmio.debug=1", false],
])("findUnreachable() of %p: %p", (text, isNamed) => {
  using root = makeRoot({ "/proc/cmdline": `${text}\n` });
  const sentence =
    "Cannot use virtio_mmio.device=: this kernel finds virtio-mmio devices by ACPI alone, and a machine with ACPI was wanted";
  expect(findUnreachable(root.path)).toEqual(isNamed ? [sentence] : []);
});

test("findAdapter() knows a virtio-mmio adapter, which has no ids", () => {
  using root = makeRoot({
    "/sys/devices/platform/LNRO0005:23/virtio0/vendor": "0x554d4551\n",
    "/sys/devices/platform/LNRO0005:23/virtio0/driver": "-> ../../../../bus/virtio/drivers/virtio_net",
    "/sys/devices/platform/LNRO0005:23/virtio0/net/eth0/device": "-> ../../../virtio0",
    "/sys/class/net/eth0": "-> ../../devices/platform/LNRO0005:23/virtio0/net/eth0",
  });
  expect(findAdapter(root.path, "eth0")).toEqual({
    location: "virtio0",
    ids: "",
    driver: "virtio_net",
    isUsb: false,
  });
});

describe("findUnserved()", () => {
  const unserved = (states: readonly (readonly [string, ModuleState])[], aliases = MODULE_ALIASES) => {
    using root = makeRoot({
      ...E1000,
      ...ORPHAN,
      "/sys/bus/pci/devices/0000:00:01.0/class": "0x010180\n",
      "/sys/bus/pci/devices/0000:00:01.0/modalias": "pci:v1\n",
    });
    return findUnserved(root.path, { aliases: parseAliases(aliases), states: new Map(states) });
  };

  test("names an adapter that no driver of the image wants, and no other device", () => {
    expect(unserved([], "")).toEqual(["0000:00:06.0: no driver for 10ec:8168 in this image"]);
  });

  test.each<[ModuleState | undefined, string]>([
    ["loaded", "did not take it"],
    ["loading", "is still loading"],
    ["late", "is still loading"],
    ["failed", "failed to load"],
    ["blacklisted", "is blacklisted"],
    [undefined, "was not loaded"],
  ])("says of a driver that is %s that it %s", (state, words) => {
    const states = state === undefined ? [] : ([["r8169", state]] as const);
    expect(unserved(states)).toEqual([`0000:00:06.0: 10ec:8168 has no driver: r8169 ${words}`]);
  });

  test("knows a driver by either spelling, and names each that wants the device", () => {
    const aliases = "alias pci:v000010EC* my-driver\nalias pci:* other\n";
    expect(unserved([["my_driver", "failed"]], aliases)).toEqual([
      "0000:00:06.0: 10ec:8168 has no driver: my-driver failed to load, other was not loaded",
    ]);
  });

  test("names an adapter behind virtio whose driver is blacklisted, by the place of the card", () => {
    const { [VIRTIO_DRIVER]: _, ...card } = VIRTIO;
    using root = makeRoot(card);
    const states = new Map([["virtio_net", "blacklisted"]] as const);
    expect(findUnserved(root.path, { aliases: parseAliases(MODULE_ALIASES), states })).toEqual([
      "0000:00:04.0: 1af4:1000 has no driver: virtio_net is blacklisted",
    ]);
  });

  test("names a USB device whose driver is blacklisted, and no other of USB", () => {
    const place = "/sys/devices/pci0000:00/0000:00:05.0/usb1/1-1";
    using root = makeRoot({
      [`${place}/idVendor`]: "0525\n",
      [`${place}/idProduct`]: "a4a2\n",
      [`${place}/1-1:1.0/modalias`]: "usb:v0525\n",
      [`${place}/1-1:1.1/modalias`]: "usb:v0526\n",
      "/sys/bus/usb/devices/1-1:1.0": `-> ../../../devices/pci0000:00/0000:00:05.0/usb1/1-1/1-1:1.0`,
      "/sys/bus/usb/devices/1-1:1.1": `-> ../../../devices/pci0000:00/0000:00:05.0/usb1/1-1/1-1:1.1`,
    });
    const aliases = parseAliases("alias usb:v0525* cdc-ether\nalias usb:v0526* other\n");
    const states = new Map([["cdc_ether", "blacklisted"]] as const);
    expect(findUnserved(root.path, { aliases, states })).toEqual([
      "1-1: 0525:a4a2 has no driver: cdc-ether is blacklisted",
    ]);
  });

  test("finds nothing on a machine without PCI", () => {
    using root = makeRoot();
    expect(findUnserved(root.path, { aliases: parseAliases(""), states: new Map() })).toEqual([]);
  });
});
