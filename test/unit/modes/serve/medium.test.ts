import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { takeFromMedium } from "../../../../modes/serve/medium.ts";
import { SERVE_FILES } from "../../../../modes/serve/serve-files.ts";
import type { RunTool } from "../../../../system/tool.ts";
import { disk, partition, USB } from "../../../fixtures/disks.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");
const ARCHIVE = "an archive".repeat(200_000);
const OURS = {
  "clump/serve.img": ARCHIVE,
  "clump/SHA256SUMS": `${digestOf("other")}  initramfs.img\n${digestOf(ARCHIVE)}  serve.img\n`,
};
/** What is in the archive; the system that runs is "system". */
const FILES = {
  [SERVE_FILES.kernel]: "kernel",
  [SERVE_FILES.head]: "head",
  [SERVE_FILES.middle]: "middle",
  [SERVE_FILES.tail]: "tail",
  [SERVE_FILES.size]: "6\n7\n",
  [SERVE_FILES.digest]: digestOf("headsystemmiddledriverstail"),
};

let root: Root;
/** What is on the media, by the device that reads them. */
let media: Map<string, Readonly<Record<string, string>>>;
let asked: string[] = [];
let unpacked: Readonly<Record<string, string>> = FILES;

beforeEach(() => {
  root = makeRoot({
    ...{ "/dev/": "", "/sys/class/block/sr0": "", ...disk(USB, "sdb"), ...partition(USB, "sdb1") },
    ...{ "/device": "system, and more", "/drivers": "drivers, and more" },
  });
  [media, asked, unpacked] = [new Map(), [], FILES];
});
afterEach(() => root[Symbol.dispose]());

const below = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

/** Plays mount(8), the shell and the others. */
const run: RunTool = async (command) => {
  const [, applet, ...words] = command.map((word) => word.replace(root.path, ""));
  asked.push([applet, ...words].join(" "));
  const [device = "", folder = ""] = words.slice(-2);
  if (applet === "mount") {
    const files = media.get(device);
    const complaint = `mount: mounting ${device} on ${folder} failed: No medium found`;
    if (files === undefined) return { ok: false, output: "", complaint };
    root.write(below(folder, files));
  }
  if (applet === "umount") rmSync(`${root.path}${words[0]}/clump`, { recursive: true, force: true });
  if (applet === "sh") root.write(below(`${device}/srv`, unpacked));
  return { ok: true, output: "", complaint: "" };
};

const take = (limits = {}) =>
  takeFromMedium({
    ...{ root: root.path, run, system: `${root.path}/device`, rareDrivers: `${root.path}/drivers` },
    ...{ patienceMilliseconds: 1, ...limits },
  });

describe("takeFromMedium()", () => {
  test("puts the files of a CD in their place, with the initramfs, beside options that are there", async () => {
    root.write({ "/srv/nodes.conf": "* debug\n" });
    media.set("/dev/sr0", OURS);
    expect(await take()).toBe("/dev/sr0");
    expect(root.read(`/srv/${SERVE_FILES.kernel}`)).toBe("kernel");
    expect(root.read(`/srv/${SERVE_FILES.initramfs}`)).toBe("headsystemmiddledriverstail");
    expect(root.read("/srv/nodes.conf")).toBe("* debug\n");
    expect(asked).toContain("mount -o ro,nosuid,nodev,noexec /dev/sr0 /run/clump/medium");
    expect(asked).toContain("umount /run/clump/medium");
    expect(existsSync(`${root.path}/srv.partial`)).toBe(false);
  });

  test("takes rare drivers that have left memory from the initramfs of the medium", async () => {
    root.write({ "/usr/lib/clump/rare-drivers.sum": `${digestOf("drivers")} 7\n` });
    const initramfs = `all beforedrivers${"t".repeat(124)}`;
    media.set("/dev/sr0", { ...OURS, "clump/initramfs.img": initramfs.replace("drivers", "DRIVERS") });
    media.set("/dev/sdb1", { ...OURS, "clump/initramfs.img": initramfs });
    expect(await take({ rareDrivers: undefined })).toBe("/dev/sdb1");
    expect(root.read(`/srv/${SERVE_FILES.initramfs}`)).toBe("headsystemmiddledriverstail");
    media.delete("/dev/sdb1");
    await expect(take({ rareDrivers: undefined })).rejects.toThrow(
      "clump/initramfs.img is of another build than the system that runs",
    );
  });

  test("passes over what is no medium of ours, and takes a stick", async () => {
    media.set("/dev/sr0", { "autorun.inf": "" }).set("/dev/sdb1", OURS);
    expect(await take()).toBe("/dev/sdb1");
    expect(asked.filter((command) => command.startsWith("umount"))).toHaveLength(2);
  });

  test.each([
    ["an empty drive", undefined, FILES, "/dev/sr0: No medium found"],
    ["another's disc", {}, FILES, "/dev/sr0: it has no clump/serve.img"],
    [
      "a damaged one",
      { ...OURS, "clump/serve.img": "half of i" },
      FILES,
      "clump/serve.img is damaged: its SHA-256",
    ],
    ["one without its digests", { ...OURS, "clump/SHA256SUMS": "" }, FILES, "clump/serve.img is damaged"],
    ["another release", OURS, { ...FILES, [SERVE_FILES.head]: "HEAD" }, "serve.img is of another build"],
  ])("of %s takes nothing, and says why", async (_, disc, files, sentence) => {
    if (disc !== undefined) media.set("/dev/sr0", disc);
    unpacked = files;
    await expect(take()).rejects.toThrow(sentence);
    expect(readdirSync(root.path).filter((name) => name.startsWith("srv"))).toEqual([]);
  });

  test.each([
    ["clump/serve.img", "-> /dev/zero", "clump/serve.img leads elsewhere, and a file was wanted"],
    ["clump/SHA256SUMS", "-> /dev/zero", "clump/SHA256SUMS leads elsewhere, and a file was wanted"],
    ["clump/SHA256SUMS", "x".repeat(2 ** 20 + 1), "clump/SHA256SUMS has 2 MB, and 1 at most were wanted"],
  ])("of a medium reads no %s that may have no end", async (name, text, sentence) => {
    media.set("/dev/sr0", { ...OURS, [name]: text });
    await expect(take()).rejects.toThrow(sentence);
    expect(asked).toContain("umount /run/clump/medium");
  });

  test("lets go of a medium that is too slow", async () => {
    media.set("/dev/sr0", OURS);
    await expect(take({ readLimitMilliseconds: -1 })).rejects.toThrow("it is too slow to be read in time");
    expect(asked).toContain("umount /run/clump/medium");
  });

  test.each([
    ["1000", FILES, "1 MB of memory are free, and 6 were wanted"],
    ["10000", { ...FILES, [SERVE_FILES.size]: "99000000" }, "10 MB of memory are free, and 95 were wanted"],
  ])("leaves a node its memory where it has %s kB", async (kilobytes, files, sentence) => {
    root.write({ "/proc/meminfo": `MemTotal: 20000 kB\nMemAvailable:   ${kilobytes} kB\n` });
    media.set("/dev/sr0", OURS);
    unpacked = files;
    await expect(take()).rejects.toThrow(sentence);
  });

  test("clears away what one that was killed has left", async () => {
    root.write({ "/srv.partial/srv/left": "" });
    media.set("/dev/sr0", OURS);
    await take();
    expect(existsSync(`${root.path}/srv/left`)).toBe(false);
  });

  test("says what was wanted where there is no drive at all", async () => {
    rmSync(`${root.path}/sys`, { recursive: true });
    await expect(take()).rejects.toThrow("was wanted in this machine, or serve.img behind initramfs.img");
    await expect(take()).rejects.toThrow("there is no CD drive and no USB disk");
  });
});
