import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { debianVersionOf, makePackages, type Packages } from "../../assets/deb/packages.ts";
import { imageIn } from "../../assets/image/ensure.ts";
import type { BootFiles } from "../../assets/pxe/tree.ts";

const FILES = join(import.meta.dir, "../../assets/deb");

let folder: string;
let packages: Packages;

/** The packages in a folder of their own, of a program of a few bytes. */
async function make(name: string, umask: number): Promise<Packages> {
  const out = join(folder, name);
  mkdirSync(out);
  writeFileSync(join(folder, "program"), "#!/bin/sh\n");
  chmodSync(join(folder, "program"), 0o755);
  const boot = bootFiles();
  const before = process.umask(umask);
  const made = await makePackages({
    out,
    program: join(folder, "program"),
    version: "7.0.0-alpha.1",
    time: 1e9,
    fast: false,
    boot,
  });
  process.umask(before);
  return made;
}

/** What other PCs boot, each file of a few bytes. */
function bootFiles(): BootFiles {
  const put = (name: string) => {
    writeFileSync(join(folder, name), name);
    return join(folder, name);
  };
  put("sbom.spdx.json");
  const image = imageIn(folder);
  for (const path of Object.values(image)) put(basename(path));
  const loaders = { file: (name: string) => put(name), folders: new Map(), versions: [] };
  return { image, loaders };
}

function read(...command: readonly string[]): string {
  return Bun.spawnSync([...command]).stdout.toString();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "packages-"));
  packages = await make("one", 0o022);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the packages of a workstation", () => {
  test("are the same from the same sources", async () => {
    const again = await make("other", 0o077);
    for (const kind of ["deb", "archive"] as const)
      expect(readFileSync(again[kind]).equals(readFileSync(packages[kind]))).toBe(true);
  });

  test("have names and versions that dpkg puts before the release", () => {
    expect(packages.deb).toEndWith("/clump_7.0.0~alpha.1_amd64.deb");
    expect(packages.archive).toEndWith("/clump-7.0.0-alpha.1-linux-x64.tar.xz");
    expect(debianVersionOf("7.1.2")).toBe("7.1.2");
    expect(read("dpkg-deb", "-f", packages.deb, "Depends")).toContain("criu");
    expect(read("dpkg-deb", "-f", packages.deb, "Recommends")).toBe("dnsmasq-base\n");
  });

  test("belong to root, and hold programs, units, man pages and completions, and no init, man or menu", () => {
    const list = read("dpkg-deb", "-c", packages.deb);
    for (const path of [
      "./usr/bin/clump -> ../lib/clump/clump",
      "./usr/lib/clump/clump-wake -> deputy",
      "./lib/systemd/system/clumpd.service",
      "./usr/sbin/clumpserve -> ../lib/clump/clump",
      "./usr/lib/clump/boot/undionly.kpxe",
      "./usr/lib/clump/boot/clump/initramfs.img",
      "./usr/share/doc/clump/boot.spdx.json.gz",
      "./usr/share/man/man5/clump.conf.5.gz",
      "./usr/share/bash-completion/completions/clump",
      "./usr/share/zsh/vendor-completions/_clump",
    ])
      expect(list).toContain(path);
    expect(list).not.toMatch(/bin\/(init|man|menu)\b/);
    expect(list).toMatch(/^-rw-r--r-- .* \.\/usr\/lib\/clump\/boot\/clump\/vmlinuz$/m);
    expect(
      list
        .trim()
        .split("\n")
        .filter((line) => !line.includes(" root/root ")),
    ).toEqual([]);
  });

  test("each command with a man page is there", () => {
    const list = read("dpkg-deb", "-c", packages.deb);
    const pages = [...list.matchAll(/\/man[18]\/(\S+)\.[18]\.gz$/gm)].map(([, name]) => name);
    expect(pages).toContain("mtop");
    for (const name of pages) expect(list).toMatch(new RegExp(`/usr/s?bin/${name}( ->|$)`, "m"));
  });

  test("the archive has the same files beside its install script", () => {
    const list = read("tar", "-tf", packages.archive).split("\n");
    expect(list).toContain("clump-7.0.0-alpha.1/install.sh");
    expect(list).toContain("clump-7.0.0-alpha.1/files/lib/systemd/system/clump.service");
    expect(list.filter((path) => path.includes("DEBIAN"))).toEqual([]);
  });
});

test("no setting of clumpjobs.service gives jobs a namespace or a filter", () => {
  const unit = readFileSync(join(FILES, "systemd/clumpjobs.service"), "utf8");
  expect(unit).not.toMatch(
    /^(Protect|Private|Restrict|NoNewPrivileges|SystemCall|Capability|ReadOnly|Lock|User)/m,
  );
});

test("each other unit is confined", () => {
  for (const name of readdirSync(join(FILES, "systemd")).filter((each) => each !== "clumpjobs.service"))
    for (const line of [
      /^ProtectSystem=(yes|strict)$/m,
      /^ProtectHome=yes$/m,
      /^NoNewPrivileges=yes$/m,
      /^CapabilityBoundingSet=/m,
    ])
      expect(readFileSync(join(FILES, "systemd", name), "utf8")).toMatch(line);
});

test("the scripts are scripts of sh", () => {
  for (const script of ["install.sh", "debian/postinst", "debian/prerm", "debian/postrm"])
    expect(Bun.spawnSync(["sh", "-n", join(FILES, script)]).exitCode).toBe(0);
});
