import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { loadTools } from "../../../../modes/tools/load-tools.ts";
import type { RunTool } from "../../../../system/tool.ts";
import { disk, partition, USB } from "../../../fixtures/disks.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";

const ARCHIVE = "an archive".repeat(200_000);
const OURS = { "clump/tools.img": ARCHIVE };
const MOUNTED = "/dev/loop3 /usr/lib/clump/tools squashfs ro 0 0\n";
const MEMORY = "/var/tools.img";
const SUM = `${createHash("sha256").update(ARCHIVE).digest("hex")} ${ARCHIVE.length}\n`;
const NO_MEDIUM = "/dev/sr0: No medium found";
const OTHER = "its tools.img is damaged or of another release: its SHA-256 is not the one in this image";

let root: Root;
/** The files on the media, by the device that reads them. */
let media: Map<string, Readonly<Record<string, string>>>;
let asked: string[];

beforeEach(() => {
  root = makeRoot({
    ...{ "/dev/": "", "/var/": "", "/sys/class/block/sr0": "", "/usr/lib/clump/tools.sum": SUM },
    ...{ ...disk(USB, "sdb"), ...partition(USB, "sdb1") },
  });
  [media, asked] = [new Map(), []];
});
afterEach(() => root[Symbol.dispose]());

/** Plays mount(8), tftp(1) and the others. */
const run: RunTool = async (command) => {
  const [, applet, ...words] = command.map((word) => word.replace(root.path, ""));
  asked.push([applet, ...words].join(" "));
  const [device = "", folder = ""] = words.slice(-2);
  const done = { ok: true, output: "", complaint: "" };
  if (applet === "tftp") {
    const text = media.get("tftp")?.[words[words.indexOf("-r") + 1] ?? ""];
    if (text === undefined)
      return { ...done, ok: false, complaint: "tftp: server error: (1) File not found" };
    writeFileSync(root.path + words[words.indexOf("-l") + 1], text);
  }
  if (applet === "mount" && words.includes("loop,ro")) root.write({ "/proc/mounts": MOUNTED });
  else if (applet === "mount") {
    const files = media.get(device);
    const complaint = `mount: mounting ${device} on ${folder} failed: No medium found`;
    if (files === undefined) return { ...done, ok: false, complaint };
    for (const [path, text] of Object.entries(files)) root.write({ [`${folder}/${path}`]: text });
  }
  if (applet === "umount") rmSync(root.path + words[0], { recursive: true, force: true });
  return done;
};

const noServer = () => Promise.reject(Object.assign(new Error("long"), { code: "ConnectionRefused" }));

const load = (fetch: (url: URL) => Promise<Response> = noServer) =>
  loadTools({ root: root.path, run, fetch, patienceMilliseconds: 1 });

const MOUNT = `mount -t squashfs -o loop,ro ${MEMORY} /usr/lib/clump/tools`;

/** Nothing of an attempt is left but the archive itself. */
const left = () => readdirSync(`${root.path}/var`);

describe("loadTools() finds the archive", () => {
  test("on a CD, and mounts it once", async () => {
    media.set("/dev/sr0", OURS);
    expect(await load()).toBe("/dev/sr0");
    expect(root.read(MEMORY)).toBe(ARCHIVE);
    expect(asked).toContain("mount -o ro,nosuid,nodev,noexec /dev/sr0 /run/clump/tools-medium");
    expect(asked.slice(-2)).toEqual(["umount /run/clump/tools-medium", MOUNT]);
    asked = [];
    expect(await load()).toBeUndefined();
    expect(asked).toEqual([]);
    expect(left()).toEqual(["tools.img"]);
  });

  test("on a USB stick where the CD is another's", async () => {
    media.set("/dev/sr0", { "autorun.inf": "" }).set("/dev/sdb1", OURS);
    expect(await load()).toBe("/dev/sdb1");
  });

  test("on the virtual disk with our serial number, and reads no other", async () => {
    root.write({
      "/sys/class/block/vda/serial": "another\n",
      "/sys/class/block/vdb/serial": "clump-tools\n",
    });
    root.write({ "/dev/vda": ARCHIVE, "/dev/vdb": `${ARCHIVE}\0\0` });
    expect(await load()).toBe("/dev/vdb");
    expect(root.read(MEMORY)).toBe(ARCHIVE);
  });

  test("on a stick that has public keys for ssh too, and takes those unless there are some", async () => {
    media.set("/dev/sdb1", { ...OURS, "clump.ssh": "ssh-ed25519 A me\n" });
    await load();
    expect(root.read("/etc/clump.ssh")).toBe("ssh-ed25519 A me\n");
    root.write({ "/etc/clump.ssh": "ssh-ed25519 B\n", "/proc/mounts": "" });
    rmSync(root.path + MEMORY);
    await load();
    expect(root.read("/etc/clump.ssh")).toBe("ssh-ed25519 B\n");
  });

  test("in memory, where it is mounted no more", async () => {
    root.write({ [MEMORY]: ARCHIVE });
    expect(await load()).toBe(MEMORY);
    expect(asked).toEqual([MOUNT]);
  });

  test("among the files for other nodes", async () => {
    root.write({ "/srv/boot/clump/tools.img": ARCHIVE });
    expect(await load()).toBe("the files for other nodes");
  });

  test("by HTTP at clump.tools=, before any medium", async () => {
    root.write({ "/proc/cmdline": "clump.tools=http://10.0.0.1/clump/tools.img\n" });
    media.set("/dev/sr0", OURS);
    expect(await load(async (url) => new Response(url.hostname === "10.0.0.1" ? ARCHIVE : ""))).toBe(
      "http://10.0.0.1/clump/tools.img",
    );
  });

  test("by TFTP from the server of the boot loader", async () => {
    root.write({ "/proc/cmdline": "ip=10.0.0.5:10.0.0.1::255.255.255.0\n" });
    media.set("tftp", OURS);
    expect(await load()).toBe("tftp://10.0.0.1/clump/tools.img");
    expect(left()).toEqual(["tools.img"]);
  });
});

describe("loadTools() says why there are none", () => {
  test.each([
    ["nowhere", undefined, NO_MEDIUM],
    ["on another's CD", { "autorun.inf": "" }, "/dev/sr0: it has no clump/tools.img"],
    ["as a device", { "clump/tools.img": "-> /dev/zero" }, "/dev/sr0: it has no clump/tools.img"],
    ["of another release", { "clump/tools.img": ARCHIVE.replace("a", "b") }, `/dev/sr0: ${OTHER}`],
    ["too large", { "clump/tools.img": `${ARCHIVE}.` }, OTHER],
    ["too small", { "clump/tools.img": ARCHIVE.slice(1) }, OTHER],
  ])("%s", async (_name, files, sentence) => {
    if (files !== undefined) media.set("/dev/sr0", files);
    const failed = load();
    await expect(failed).rejects.toThrow(
      "tools.img of this release was wanted as clump/tools.img on a CD or USB stick, or at clump.tools=URL: ",
    );
    await expect(failed).rejects.toThrow(sentence);
    expect(left()).toEqual([]);
    expect(asked).not.toContain(MOUNT);
  });

  const AT = "http://10.0.0.1/clump/tools.img";
  test.each([
    ["no server", noServer, `${AT}: there is no connection (ConnectionRefused)`],
    [
      "no file",
      async () => new Response("", { status: 404 }),
      `${AT}: the server answered 404, and 200 was wanted`,
    ],
    ["another file", async () => new Response("other"), `${AT}: ${OTHER}`],
    ["a file without end", async () => new Response(ARCHIVE.repeat(3)), `${AT}: ${OTHER}`],
  ])("at the server: %s; and goes on to the media", async (_name, fetch, sentence) => {
    root.write({ "/proc/cmdline": `clump.tools=${AT}\n` });
    await expect(load(fetch)).rejects.toThrow(`${sentence}; ${NO_MEDIUM}`);
    media.set("/dev/sdb1", OURS);
    expect(await load(fetch)).toBe("/dev/sdb1");
  });

  test("at a server of TFTP", async () => {
    root.write({ "/proc/cmdline": "clump.tools=tftp://10.0.0.1/clump/tools.img\n" });
    await expect(load()).rejects.toThrow(
      "tftp://10.0.0.1/clump/tools.img: server error: (1) File not found; ",
    );
  });

  test("where memory is short", async () => {
    root.write({ "/proc/meminfo": "MemAvailable:   10000 kB\n" });
    await expect(load()).rejects.toThrow("10 MB of memory are free, and 18 were wanted");
  });

  test("in an image without them", async () => {
    rmSync(`${root.path}/usr/lib/clump/tools.sum`);
    await expect(load()).rejects.toThrow("this image was built without tools");
  });
});
