import { expect, test } from "bun:test";
import { formatReport } from "../../../../assets/image/report.ts";

const driver = (name: string, missing: string[], served: boolean, leftOut: string[] = []) => ({
  driver: name,
  missing,
  leftOut,
  bytes: served ? 1_300_000 : 0,
  served,
});
const REPORT = {
  out: "dist",
  milliseconds: 1234,
  sizes: [
    { name: "vmlinuz", bytes: 8_247_232, part: false },
    { name: "program", bytes: 110_600_000, part: true },
  ],
  tree: {
    release: "6.1.0-50-amd64",
    modules: 279,
    packages: [],
    missingModules: ["virtio_mmio"],
    firmware: [
      driver("acenic", ["acenic/tg1.bin"], false),
      driver("bnx2x", ["bnx2x/new.fw"], true),
      driver("nfp", [], false, ["netronome/nic_AMDA0081-0001_1x40.nffw"]),
    ],
  },
};

test("formatReport() tells sizes, what lacks firmware, and what the kernel has not", () => {
  expect(formatReport(REPORT, false).split("\n")).toEqual([
    "vmlinuz                               8.2 MB",
    "  of which program, unpacked        110.6 MB",
    "",
    "Drivers without their firmware: acenic",
    "Drivers without some of it: bnx2x",
    expect.stringMatching(/^Firmware left out for nfp: /),
    "Which files: npm run build -- --verbose",
    "Modules that this kernel has not: virtio_mmio",
    "Linux 6.1.0-50-amd64 with 279 modules, in dist (1.2 s)",
  ]);
});

test("formatReport() names the files when asked to", () => {
  const lines = formatReport(REPORT, true).split("\n");
  expect(lines).toContain("  acenic wants acenic/tg1.bin");
  expect(lines).toContain("  bnx2x has 1.3 MB");
});
