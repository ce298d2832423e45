import { describe, expect, test } from "bun:test";
import { matchesName, namesOf, predictableNames } from "../../../../probes/network/names.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { E1000, makeRoot, USB_NET, VIRTIO } from "../../../fixtures/root.ts";

const MAC = ETH0.address;
const DEVICES = "/sys/devices/pci0000:00";

/** One interface of that name on the PCI device at `place`, with attributes of its device and of itself. */
function names(
  place: string,
  {
    device = {},
    link = {},
    more = {},
  }: { [part in "device" | "link" | "more"]?: Record<string, string> } = {},
): string[] {
  const path = `${DEVICES}/${place}`;
  using root = makeRoot({
    [`${path}/net/eth5/device`]: `-> ../../../${place.split("/").at(-1)}`,
    "/sys/class/net/eth5": `-> ../..${path.slice(4)}/net/eth5`,
    ...Object.fromEntries(Object.entries(device).map(([name, text]) => [`${path}/${name}`, text])),
    ...Object.fromEntries(Object.entries(link).map(([name, text]) => [`${path}/net/eth5/${name}`, text])),
    ...more,
  });
  return predictableNames(root.path, "eth5", MAC);
}

describe("predictableNames() are those of udev:", () => {
  const multifunction = `${"\0".repeat(14)}\x80`;
  test.each([
    ["by place", names("0000:00:03.0"), ["enp0s3"]],
    ["in decimal", names("0000:1a:1f.6"), ["enp26s31f6"]],
    [
      "a first function among several",
      names("0000:01:00.0", { device: { config: multifunction } }),
      ["enp1s0f0"],
    ],
    ["in another domain", names("10000:01:00.0"), ["enP65536p1s0"]],
    [
      "by the firmware's number",
      names("0000:00:1f.6", { device: { acpi_index: "1\n" } }),
      ["eno1", "enp0s31f6"],
    ],
    ["or its other number", names("0000:00:19.0", { device: { index: "2\n" } }), ["eno2", "enp0s25"]],
    ["without a number of zero", names("0000:00:19.0", { device: { index: "0\n" } }), ["enp0s25"]],
    [
      "by slot",
      names("0000:03:00.1", { more: { "/sys/bus/pci/slots/4/address": "0000:03:00\n" } }),
      ["ens4f1", "enp3s0f1"],
    ],
    ["with a port", names("0000:03:00.0", { link: { dev_port: "1\n" } }), ["enp3s0d1"]],
    ["with a port of a name", names("0000:03:00.0", { link: { phys_port_name: "p0\n" } }), ["enp3s0np0"]],
  ])("%s", (_, given, expected) => {
    expect(given).toEqual([...expected, "enx525400123456"]);
  });

  test("of virtio, by the PCI device around it; of USB, with its ports", () => {
    using root = makeRoot({ ...VIRTIO, ...USB_NET });
    expect(predictableNames(root.path, "eth1", MAC)[0]).toBe("enp0s4");
    expect(predictableNames(root.path, "usb0", MAC)).toEqual(["enp0s5u1", "enx525400123456"]);
  });

  test("by the address alone for what is on no PCI bus", () => {
    using root = makeRoot({});
    expect(predictableNames(root.path, "eth0", MAC)).toEqual(["enx525400123456"]);
  });
});

describe("matchesName()", () => {
  test.each([
    ["eth0", true],
    ["enp0s3", true],
    ["enx525400123456", true],
    ["52:54:00:12:34:56", true],
    ["52-54-00-12-34-56", true],
    ["01-52-54-00-12-34-56", true],
    ["01:52:54:00:12:34:56", true],
    ["525400123456", false],
    ["0000:00:03.0", true],
    ["00:03.0", true],
    ["ENP0S3", true],
    [" eth0 ", true],
    ["eth1", false],
    ["enp0s4", false],
    ["52:54:00:12:34:57", false],
    ["06-52-54-00-12-34-56", false],
    ["", false],
  ])("%p: %p", (typed, expected) => {
    using root = makeRoot(E1000);
    expect(matchesName(typed, namesOf(root.path, ETH0))).toBe(expected);
  });
});
