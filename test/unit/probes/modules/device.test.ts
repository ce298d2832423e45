import { describe, expect, test } from "bun:test";
import { isNetworkPath, listBus, listBuses, readAttribute } from "../../../../probes/modules/device.ts";
import { E1000, KEYBOARD, makeRoot, VIRTIO } from "../../../fixtures/root.ts";

describe("listBuses()", () => {
  test("names every bus, and input", () => {
    using root = makeRoot({ ...E1000, ...VIRTIO, ...KEYBOARD });
    expect(listBuses(root.path).toSorted()).toEqual(["input", "pci", "serio", "virtio"]);
  });

  test("survives a machine without /sys", () => {
    using root = makeRoot();
    expect(listBuses(root.path)).toEqual(["input"]);
  });
});

describe("listBus()", () => {
  test("gives the devices of a bus with their modalias", () => {
    using root = makeRoot({ ...E1000, ...VIRTIO });
    expect(listBus(root.path, "pci").toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
      {
        path: "/bus/pci/devices/0000:00:03.0",
        modalias: "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00",
      },
      {
        path: "/bus/pci/devices/0000:00:04.0",
        modalias: "pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00",
      },
    ]);
    expect(listBus(root.path, "virtio")).toHaveLength(1);
  });

  test("finds inputs, which are on no bus", () => {
    using root = makeRoot({ "/sys/class/input/input3/modalias": "input:b0019v0000p0001e0000-e0,1,k74\n" });
    expect(listBus(root.path, "input")).toEqual([
      { path: "/class/input/input3", modalias: "input:b0019v0000p0001e0000-e0,1,k74" },
    ]);
  });

  test("leaves out devices without a modalias, and those that went away", () => {
    using root = makeRoot({
      "/sys/bus/pci/devices/a/modalias": "\n",
      "/sys/bus/pci/devices/b/vendor": "0x8086\n",
      "/sys/bus/pci/devices/c": "-> ../../../devices/gone",
    });
    expect(listBus(root.path, "pci")).toEqual([]);
    expect(listBus(root.path, "none")).toEqual([]);
  });
});

test.each([
  ["pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00", true],
  ["pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00", true],
  ["pci:v00001AF4d00001001sv00001AF4sd00000002bc01sc00i00", true],
  ["pci:v00008086d00007010sv00001AF4sd00001100bc01sc01i80", false],
  ["usb:v0525pA4A2d0000dc02dsc00dp00ic02isc02ipFFin00", false],
  ["virtio:d00000001v00001AF4", false],
])("isNetworkPath() of %s: %p", (modalias, isNetwork) => {
  expect(isNetworkPath({ path: "", modalias })).toBe(isNetwork);
});

test("readAttribute() drops the newline, and knows no absent file", () => {
  using root = makeRoot({ "/sys/x/vendor": "0x8086\n" });
  expect(readAttribute(root.path, "/x", "vendor")).toBe("0x8086");
  expect(readAttribute(root.path, "/x", "device")).toBeUndefined();
});
