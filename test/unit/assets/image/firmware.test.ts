import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findFirmware } from "../../../../assets/image/firmware.ts";

const folder = mkdtempSync(join(tmpdir(), "clump-firmware-"));
afterAll(() => rmSync(folder, { recursive: true }));

function put(path: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), "12345");
  return join(folder, path);
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync(target, join(folder, path));
}

put("old/lib/firmware/rtl_nic/rtl8168h-2.fw");
put("new/usr/lib/firmware/intel/ice/ddp/ice-1.3.30.0.pkg");
put("new/usr/lib/firmware/qed/qed_init_values_zipped-8.59.1.0.bin");
link("new/usr/lib/firmware/intel/ice/ddp/ice.pkg", "ice-1.3.30.0.pkg");
link("new/usr/lib/firmware/cards", "qed");
link("new/usr/lib/firmware/lost.bin", "nowhere.bin");
link("new/usr/lib/firmware/out.bin", "../../../../old/lib/firmware/rtl_nic/rtl8168h-2.fw");

const PACKAGES = new Map([
  ["firmware-old", join(folder, "old")],
  ["firmware-new", join(folder, "new")],
]);
const find = (...names: string[]) => findFirmware(new Map([["driver", names]]), PACKAGES, ["netronome/"]);
const paths = (...names: string[]) => find(...names).files.map(({ path }) => path);

test("findFirmware() finds a file below lib and below usr/lib, and says whose it is", () => {
  const { files } = find("rtl_nic/rtl8168h-2.fw", "qed/qed_init_values_zipped-8.59.1.0.bin");
  expect(files.map((file) => [file.path, file.package])).toEqual([
    ["qed/qed_init_values_zipped-8.59.1.0.bin", "firmware-new"],
    ["rtl_nic/rtl8168h-2.fw", "firmware-old"],
  ]);
});

test("findFirmware() follows a link, and keeps it", () => {
  const { files, links } = find("intel/ice/ddp/ice.pkg");
  expect(files.map(({ path }) => path)).toEqual(["intel/ice/ddp/ice-1.3.30.0.pkg"]);
  expect(links.map(({ path, target }) => [path, target])).toEqual([
    ["intel/ice/ddp/ice.pkg", "ice-1.3.30.0.pkg"],
  ]);
});

test("findFirmware() follows a link of a folder", () => {
  const { files, links } = find("cards/qed_init_values_zipped-8.59.1.0.bin");
  expect(files.map(({ path }) => path)).toEqual(["qed/qed_init_values_zipped-8.59.1.0.bin"]);
  expect(links.map(({ path }) => path)).toEqual(["cards"]);
});

test("findFirmware() takes all that a name with a star stands for", () => {
  expect(paths("qed/qed_init_values_zipped-*.bin")).toEqual(["qed/qed_init_values_zipped-8.59.1.0.bin"]);
});

test("findFirmware() follows no link to nowhere or out of the folder", () => {
  expect(paths("lost.bin", "out.bin")).toEqual([]);
});

test("findFirmware() reports for each driver what is missing, what was left out, and how much it has", () => {
  expect(find("rtl_nic/rtl8168h-2.fw", "acenic/tg1.bin", "netronome/nic.nffw").drivers).toEqual([
    {
      driver: "driver",
      missing: ["acenic/tg1.bin"],
      leftOut: ["netronome/nic.nffw"],
      bytes: 5,
      served: true,
    },
  ]);
});
