import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { encodeCpio } from "../../../../assets/build/cpio.ts";
import { RareDrivers } from "../../../../modes/rare-drivers/rare-drivers.ts";
import type { RunTool } from "../../../../system/tool.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";
import { FakeLog } from "../../../lib/fake-kernel.ts";

/** A squashfs ends on a multiple of 4,096 bytes. */
const ARCHIVE = "drivers.".repeat(2_048);
const MOUNT = "/usr/lib/clump/archive mount rare-drivers";
const DROP = "/usr/lib/clump/archive drop rare-drivers";
const MOUNT_COPY =
  "/usr/bin/busybox mount -t squashfs -o loop,ro /var/rare-drivers.squashfs /usr/lib/clump/rare-drivers";

let root: Root;
let asked: string[];
let log: FakeLog;
/** What the server has, and whether it gives parts of it. */
let server: { initramfs: Uint8Array; givesParts: boolean };
let http: ReturnType<typeof Bun.serve>;

beforeEach(() => {
  root = makeRoot({
    "/usr/lib/clump/rare-drivers.sum": `${createHash("sha256").update(ARCHIVE).digest("hex")} ${ARCHIVE.length}\n`,
    "/sys/block/loop3/loop/backing_file": "/rare-drivers.squashfs (deleted)\n",
    "/dev/loop3": ARCHIVE,
    "/var/": "",
  });
  [asked, log] = [[], new FakeLog()];
  server = { initramfs: initramfsOf(ARCHIVE), givesParts: true };
  http = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const [, bytes] = /^bytes=-(\d+)$/.exec(request.headers.get("Range") ?? "") ?? [];
      if (bytes === undefined || !server.givesParts) return new Response(server.initramfs);
      return new Response(server.initramfs.slice(-Number(bytes)), { status: 206 });
    },
  });
});
afterEach(async () => {
  root[Symbol.dispose]();
  await http.stop(true);
});

function initramfsOf(archive: string): Uint8Array {
  const file = (path: string, text: string) =>
    ({ path, type: "file", mode: 0o644, bytes: Buffer.from(text) }) as const;
  return encodeCpio([
    file("clump.squashfs", "system".repeat(1_000)),
    file("moves.squashfs", "criu"),
    file("rare-drivers.squashfs", archive),
  ]);
}

const url = () => new URL("/clump/initramfs.img", http.url);

const run: RunTool = async (command) => {
  asked.push(command.map((word) => word.replace(root.path, "")).join(" "));
  return { ok: true, output: "", complaint: "" };
};

const rareDrivers = (tool = run) => new RareDrivers({ root: root.path, log, run: tool, fetch });

describe("provide()", () => {
  test("mounts the archive of the image once, whoever asks", async () => {
    const drivers = rareDrivers();
    await Promise.all([drivers.provide(), drivers.provide()]);
    await drivers.provide();
    expect(asked).toEqual([MOUNT]);
  });

  test("says why, and mounts when it is asked again", async () => {
    let fails = true;
    const drivers = rareDrivers(async (command, within) =>
      fails ? { ok: false, output: "", complaint: "no such archive" } : run(command, within),
    );
    await expect(drivers.provide()).rejects.toThrow("the rare drivers are not at hand: no such archive");
    fails = false;
    await drivers.provide();
    expect(asked).toEqual([MOUNT]);
  });

  test("brings back what has left memory, and mounts that", async () => {
    const drivers = rareDrivers();
    await drivers.giveBack(url());
    await drivers.provide();
    expect(asked).toEqual([DROP, MOUNT_COPY]);
    expect(root.read("/var/rare-drivers.squashfs")).toBe(ARCHIVE);
    expect(log.lines).toEqual([
      `info: rare drivers leave memory, 1 MB: ${url()} has them`,
      `info: rare drivers are back in memory, from ${url()}`,
    ]);
  });

  test("takes no other archive, and takes the right one when it is there again", async () => {
    const drivers = rareDrivers();
    await drivers.giveBack(url());
    server.initramfs = initramfsOf(ARCHIVE.replaceAll("drivers", "DRIVERS"));
    await expect(drivers.provide()).rejects.toThrow("is damaged or of another release");
    expect(existsSync(`${root.path}/var/rare-drivers.squashfs.partial`)).toBe(false);
    server.initramfs = initramfsOf(ARCHIVE);
    await drivers.provide();
    expect(asked).toEqual([DROP, MOUNT_COPY]);
  });

  test("says that the server does not answer", async () => {
    const drivers = rareDrivers();
    await drivers.giveBack(url());
    await http.stop(true);
    await expect(drivers.provide()).rejects.toThrow("there is no connection (");
  });
});

describe("giveBack() leaves the archive in memory", () => {
  test.each([
    [
      "the server gives no parts",
      () => Object.assign(server, { givesParts: false }),
      "the server answered 200",
    ],
    [
      "the server has another release",
      () => Object.assign(server, { initramfs: initramfsOf("another.".repeat(2_048)) }),
      "is of another release",
    ],
    ["the image has none", () => root.write({ "/usr/lib/clump/rare-drivers.sum": "" }), "no rare drivers"],
  ] as const)("where %s", async (_, prepare, why) => {
    prepare();
    await rareDrivers().giveBack(url());
    expect(asked).toEqual([]);
    expect(log.lines.join()).toContain(why);
  });

  test("where a device has asked for it, before or meanwhile", async () => {
    for (const order of ["before", "meanwhile"]) {
      const drivers = rareDrivers();
      asked = [];
      if (order === "before") await drivers.provide();
      const leaving = drivers.giveBack(url());
      await drivers.provide();
      await leaving;
      expect(asked).toEqual([MOUNT]);
    }
  });
});
