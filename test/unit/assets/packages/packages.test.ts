import { expect, test } from "bun:test";
import { type Paragraph, parseDeb822 } from "../../../../assets/packages/deb822.ts";
import { resolvePackages } from "../../../../assets/packages/packages.ts";

/** Records of Debian 12, shortened. */
const RECORDS = parseDeb822(`Package: linux-image-amd64
Source: linux-signed-amd64 (6.1.176+1)
Version: 6.1.176-1
Section: kernel
Depends: linux-image-6.1.0-50-amd64 (= 6.1.176-1)

Package: linux-image-6.1.0-50-amd64
Source: linux-signed-amd64 (6.1.176+1)
Version: 6.1.176-1
Section: kernel
Depends: kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.120+deb11u2) | linux-initramfs-tool
SHA256: aa

Package: kmod
Version: 30+20221128-1
Section: admin
Maintainer: Marco d'Itri <md@linux.it>
Depends: libc6 (>= 2.34), libssl3 (>= 3.0.0), sysvinit-utils (>= 3.05-4~)

Package: sysvinit-utils
Version: 3.06-4
Section: admin

Package: libc6
Source: glibc
Version: 2.36-9
Section: libs

Package: libssl3
Source: openssl
Version: 3.0.22-1
Section: libs
Depends: libc6 (>= 2.34), debconf (>= 0.5) | debconf-2.0

Package: debconf
Version: 1.5.82
Section: admin

Package: firmware-realtek
Source: firmware-nonfree
Version: 20230210-5
Section: non-free-firmware/kernel
`);

function fakeApt(records: readonly Paragraph[]) {
  return {
    update: async () => {},
    download: async () => {},
    records: async (names: readonly string[]) =>
      records.filter((one) => names.includes(one.get("package") ?? "")),
  };
}

const NAMES = {
  kernel: "linux-image-amd64",
  userland: ["kmod"],
  firmware: ["firmware-realtek", "firmware-intel-misc"],
};

test("resolvePackages() takes the kernel that the metapackage stands for, without what it depends on", async () => {
  const { kernel } = await resolvePackages(fakeApt(RECORDS), NAMES);
  expect([kernel.name, kernel.version, kernel.source]).toEqual([
    "linux-image-6.1.0-50-amd64",
    "6.1.176-1",
    "linux-signed-amd64",
  ]);
});

test("resolvePackages() follows dependencies on libraries, and no other", async () => {
  const { userland } = await resolvePackages(fakeApt(RECORDS), NAMES);
  expect(userland.map(({ name }) => name)).toEqual(["kmod", "libc6", "libssl3"]);
});

test("resolvePackages() takes the firmware packages that this suite has, with their component", async () => {
  const { firmware } = await resolvePackages(fakeApt(RECORDS), NAMES);
  expect(firmware.map(({ name, component }) => [name, component])).toEqual([
    ["firmware-realtek", "non-free-firmware"],
  ]);
});

test("resolvePackages() names the package that is in no list", async () => {
  const wanted = { ...NAMES, userland: ["kmod", "busybox-static"] };
  expect(resolvePackages(fakeApt(RECORDS), wanted)).rejects.toThrow("Cannot find the package busybox-static");
  expect(resolvePackages(fakeApt([]), NAMES)).rejects.toThrow("Cannot find the kernel");
});
