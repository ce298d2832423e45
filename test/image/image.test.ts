import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { mountPoint } from "../../assets/archives/archive.ts";
import { ARCHIVES } from "../../assets/archives/archives.ts";
import { RARE_DRIVERS } from "../../assets/archives/rare-drivers.ts";
import { findFile } from "../../assets/build/cpio.ts";
import { interpreter, isElf, neededLibraries } from "../../assets/build/elf.ts";
import { splitInitramfs } from "../../assets/build/packed-archive.ts";
import { OWN_MODULES, PAGE_BYTES, pagesOf } from "../../assets/build/page-layout.ts";
import { CACHE } from "../../assets/build/project.ts";
import { run } from "../../assets/build/run.ts";
import { buildImage } from "../../assets/image/build-image.ts";
import { readHotPages } from "../../assets/image/hot-pages.ts";
import { HOT_PAGES, PLAIN_FILES, PROGRAM } from "../../assets/image/manifest.ts";
import { moduleName } from "../../assets/image/modules.ts";
import { RUNTIME } from "../../assets/image/program.ts";
import { silentProgress } from "../../assets/image/progress.ts";
import { BYTES_BEHIND, RARE_DRIVERS_FILES } from "../../modes/rare-drivers/rare-drivers-files.ts";
import { type UnpackedImage, unpackImage } from "./unpack.ts";

setDefaultTimeout(600_000);

const out = mkdtempSync(join(tmpdir(), "clump-out-"));
const again = mkdtempSync(join(tmpdir(), "clump-out-"));
let image: UnpackedImage;

beforeAll(async () => {
  await buildImage({ out, fast: true, anew: true, progress: silentProgress });
  image = await unpackImage(out);
});

afterAll(() => {
  for (const folder of [out, again, dirname(image.usr)]) rmSync(folder, { recursive: true });
});

function files(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const release = () => readdirSync(join(image.usr, "lib/modules"))[0] ?? "";
const modulesFolder = () => join(image.usr, "lib/modules", release());
const rareFolder = () => join(dirname(image.usr), mountPoint(RARE_DRIVERS));
/** Those of the system, and the rare ones, which links lead to: readdir of Bun follows a link, that of Node does not. */
const moduleFiles = () => {
  const found = [join(modulesFolder(), "kernel"), join(rareFolder(), "lib/modules")].flatMap(files);
  return [...new Set(found.map((path) => realpathSync(path)))];
};

test("two builds of one tree are byte-identical", async () => {
  await buildImage({ out: again, fast: true, anew: true, progress: silentProgress });
  expect(readdirSync(out).sort()).toEqual([
    "SHA256SUMS",
    "initramfs.img",
    "sbom.spdx.json",
    "slurm.img",
    "tools.img",
    "vmlinuz",
  ]);
  for (const name of readdirSync(out)) {
    expect(readFileSync(join(again, name)).equals(readFileSync(join(out, name))), name).toBe(true);
  }
});

test("SHA256SUMS holds for each file beside it", async () => {
  const said = await run("check the sums", ["sha256sum", "-c", "--strict", "SHA256SUMS"], { cwd: out });
  expect(said.trim().split("\n")).toEqual([
    "initramfs.img: OK",
    "sbom.spdx.json: OK",
    "slurm.img: OK",
    "tools.img: OK",
    "vmlinuz: OK",
  ]);
});

describe("the initramfs", () => {
  test("holds the first stage, and the archives behind it", () => {
    const paths = ["bin", "bin/busybox", "dev", "dev/console", "dev/loop-control", "dev/loop0"];
    const rest = [
      ...ARCHIVES.map((_, index) => `dev/loop${index + 1}`),
      "dev/null",
      "hot-pages",
      "init",
      "modules",
      "modules/loop.ko",
      "modules/sha256-ssse3.ko",
      "modules/squashfs.ko",
      "new",
      "proc",
    ];
    expect(image.firstStage.map(({ path }) => path)).toEqual([...paths, ...rest].sort());
    const archives = ["clump", ...ARCHIVES.map(({ name }) => name)].map((name) => `${name}.squashfs`);
    expect(image.archives.map(({ path }) => path)).toEqual(archives.sort());
  });

  test("is of root's and of no time", () => {
    const entries = [...image.firstStage, ...image.archives];
    expect(entries.filter(({ owner, modified }) => owner !== 0 || modified !== 0)).toEqual([]);
  });

  test("can be read by another program than ours", async () => {
    const command = `"$1/bin/busybox" cpio -t <"$2"`;
    const { packed, rest } = splitInitramfs(readFileSync(join(out, "initramfs.img")));
    for (const [bytes, entries] of [
      [Bun.zstdDecompressSync(packed), image.firstStage],
      [rest, image.archives],
    ] as const) {
      const archive = join(dirname(image.usr), "plain.cpio");
      writeFileSync(archive, bytes);
      const listed = await run("list the archive", ["sh", "-c", command, "sh", image.usr, archive]);
      expect(listed.trim().split("\n")).toEqual(entries.map(({ path }) => path));
    }
  });
});

describe("the rare drivers", () => {
  test("are the last file of the initramfs, as many bytes before its end as a node looks for", () => {
    const bytes = readFileSync(join(out, "initramfs.img"));
    const { rest } = splitInitramfs(bytes);
    const { begin, end } = findFile(rest, RARE_DRIVERS_FILES.packed);
    expect(rest.length - end).toBe(BYTES_BEHIND);
    const sha256 = new Bun.CryptoHasher("sha256").update(rest.subarray(begin, end)).digest("hex");
    const sum = readFileSync(join(dirname(image.usr), RARE_DRIVERS_FILES.sum), "utf8");
    expect(sum).toBe(`${sha256} ${end - begin}\n`);
  });

  test("are all there", () => {
    const found = (pattern: string) => [
      ...new Bun.Glob(pattern).scanSync({ cwd: rareFolder(), onlyFiles: false }),
    ];
    expect(RARE_DRIVERS.moved?.filter((pattern) => found(pattern).length === 0)).toEqual([]);
  });

  test("are wanted by no other module", () => {
    const dep = readFileSync(join(modulesFolder(), "modules.dep"), "utf8").trim().split("\n");
    const isRare = (path: string) => existsSync(join(rareFolder(), "lib/modules", release(), path));
    const lines = dep.map((line) => line.replace(":", "").split(" ").filter(Boolean));
    expect(lines.filter(([module = ""]) => isRare(module)).length).toBeGreaterThan(20);
    expect(lines.filter(([module = "", ...wanted]) => !isRare(module) && wanted.some(isRare))).toEqual([]);
  });
});

describe("the system", () => {
  test("has every library its executables need, and their loader", () => {
    const elves = files(image.usr).filter((path) => !path.endsWith(".ko") && isElf(readFileSync(path)));
    // Slurm's programs have the last folder in their RUNPATH.
    const folders = ["lib/x86_64-linux-gnu", "lib64", "lib/x86_64-linux-gnu/slurm-wlm"];
    const there = new Set(folders.flatMap((path) => readdirSync(join(image.usr, path))));
    const lacking = elves.flatMap((path) => {
      const bytes = readFileSync(path);
      const wanted = [...neededLibraries(bytes), basename(interpreter(bytes) ?? "libc.so.6")];
      return wanted.filter((name) => !there.has(name)).map((name) => `${basename(path)} needs ${name}`);
    });
    expect(elves.length).toBeGreaterThan(10);
    expect(lacking).toEqual([]);
  });

  test("has the pages of its program that a boot reads beside it, and the first stage mounts them", () => {
    const modules = pagesOf(readFileSync(join(dirname(image.usr), PROGRAM)), OWN_MODULES);
    const runs = [...readHotPages(readFileSync(RUNTIME)), ...modules];
    const pages = runs.reduce((sum, { begin, end }) => sum + end - begin, 0);
    expect(modules.length).toBe(1);
    const found = image.firstStage.find(({ path }) => path === basename(HOT_PAGES));
    expect(found?.mode).toBe(0o100444);
    // The pages before the first section stay, and the first and the last of a section, which may be its neighbours' too.
    expect(pages - found!.bytes.length / PAGE_BYTES).toBeLessThan(30);
    expect(pages).toBeGreaterThan(1_000);
    expect(readFileSync(join(dirname(image.usr), HOT_PAGES)).length).toBe(0);
    const stage = image.firstStage.find(({ path }) => path === "init")!;
    expect(Buffer.from(stage.bytes).toString()).toContain(`mount -o bind /hot-pages /new/${HOT_PAGES}`);
  });

  test("has what every boot reads as it is, not packed", () => {
    const system = Buffer.from(image.archives.find(({ path }) => path === "clump.squashfs")!.bytes);
    const found = files(image.usr).filter((path) => PLAIN_FILES.includes(basename(path)));
    expect(found.map((path) => basename(path)).sort()).toEqual(PLAIN_FILES.toSorted());
    const packed = found.filter((path) => !system.includes(readFileSync(path).subarray(0, PAGE_BYTES)));
    expect(packed).toEqual([]);
  });

  test("has every module that its modules depend on, and lists each it has", () => {
    const lines = readFileSync(join(modulesFolder(), "modules.dep"), "utf8").trim().split("\n");
    const named = lines.flatMap((line) => line.replace(":", "").split(" "));
    expect(named.filter((path) => !existsSync(join(modulesFolder(), path)))).toEqual([]);
    expect(lines.length).toBe(moduleFiles().length);
  });

  test("lists what is to be inserted for each module, behind all that it depends on", () => {
    const list = (name: string) => readFileSync(join(modulesFolder(), name), "utf8").trim().split("\n");
    const inserts = new Map(
      list("modules.inserts").map((line) => [line.split(" ")[0], line.split(" ").slice(1)]),
    );
    const wrong = list("modules.dep").filter((line) => {
      const [path = "", ...needed] = line.replace(":", "").split(" ");
      const files = inserts.get(moduleName(path)) ?? [];
      return (
        !files.includes(path) || needed.some((file) => !files.slice(0, files.indexOf(path)).includes(file))
      );
    });
    expect(wrong).toEqual([]);
    expect([...inserts.values()].flat().filter((path) => !existsSync(join(modulesFolder(), path)))).toEqual(
      [],
    );
    // A soft dependency, which modules.dep does not have.
    expect(inserts.get("r8169")).toContain("kernel/drivers/net/phy/realtek.ko");
  });

  test.each([
    ...[
      "8139cp",
      "e100",
      "e1000",
      "e1000e",
      "ne2k-pci",
      "pcnet32",
      "r8169",
      "tulip",
      "vmxnet3",
      "virtio_net",
    ],
    ...[
      "cdc_ether",
      "r8152",
      "hv_netvsc",
      "xen-netfront",
      "realtek",
      "usbhid",
      "xhci-pci",
      "hyperv-keyboard",
      "ahci",
      "ata_piix",
      "sr_mod",
    ],
  ])("has the driver %s", (name) => {
    expect(moduleFiles().map((path) => basename(path))).toContain(`${name}.ko`);
  });

  test.each([
    ["init", "clump"],
    ["clumpview", "clump"],
    ["setpe", "clump"],
    ["modprobe", "kmod"],
    ["lsmod", "kmod"],
    ["ifconfig", "busybox"],
    ["poweroff", "busybox"],
    ["vi", "busybox"],
    ["lspci", "lspci"],
    ["lsusb", "lsusb"],
  ])("runs %s by %s", (name, program) => {
    const found = ["sbin", "bin"].map((folder) => join(image.usr, folder, name)).filter(existsSync);
    expect(found.map((path) => basename(realpathSync(path)))).toEqual([program]);
  });

  test("leaves no link that leads nowhere", () => {
    const entries = readdirSync(image.usr, { recursive: true, withFileTypes: true });
    const links = entries.filter((entry) => entry.isSymbolicLink());
    const paths = links.map((entry) => join(entry.parentPath, entry.name));
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});

/** Written by the build itself, or ours. */
const OURS =
  /\/(lib\/clump|share\/clump|bin\/(open|lsusb|mosrun)|share\/fonts\/X11\/misc\/fonts\.\w+|lib\/modules\/[^/]+\/modules\.[^/]+$)/;

test("the bill of materials lists every package that a file in the image is of", () => {
  const byName = Map.groupBy(unpackedFiles(), ({ path }) => basename(path).replace(/\.ko\.\w+$/, ".ko"));
  const strays = files(image.usr).filter((path) => {
    if (OURS.test(path.slice(image.usr.length))) return false;
    const candidates = byName.get(basename(path)) ?? [];
    const listed = candidates.filter((candidate) => image.sbom.includes(candidate.package));
    return !listed.some((candidate) => /\.ko\./.test(candidate.path) || isSame(candidate.path, path));
  });
  expect(strays).toEqual([]);
});

function unpackedFiles(): { readonly package: string; readonly path: string }[] {
  const folder = join(CACHE, "packages/unpacked");
  // The other file of the suite may be unpacking one.
  const whole = readdirSync(folder).filter((name) => !name.endsWith(".partial"));
  return whole.flatMap((name) => {
    const entries = readdirSync(join(folder, name), { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name));
    return paths.map((path) => ({ package: name.split("_")[0] ?? "", path }));
  });
}

function isSame(one: string, other: string): boolean {
  return existsSync(one) && readFileSync(one).equals(readFileSync(other));
}
