import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { KmsgLog, reason } from "../../../system/log.ts";
import { makeRoot } from "../../fixtures/root.ts";

const FILES = { "/dev/kmsg": "", "/proc/sys/kernel/printk_devkmsg": "ratelimit\n" };

/** What a log wrote after `use`, opened with debug or without. */
function logged(use: (log: KmsgLog, open: () => void) => void, debug = true): string {
  using root = makeRoot(FILES);
  const log = new KmsgLog("clump", root.path);
  use(log, () => log.open({ debug }));
  return root.read("/dev/kmsg");
}

describe("KmsgLog", () => {
  test("holds lines until it is open, and writes them in order", () => {
    const text = logged((log, open) => {
      log.info("first");
      log.error("second");
      open();
      log.warn("third");
    });
    expect(text).toBe("<6>clump: first\n<3>clump: second\n<4>clump: third\n");
  });

  test("keeps its first 500 lines in a file, with their times, as dmesg prints lines", () => {
    using root = makeRoot({ ...FILES, "/run/": "" });
    const log = new KmsgLog("clump", root.path, "/run/boot.log");
    log.warn("held");
    log.open({ debug: false });
    log.debug("not wanted");
    for (let count = 0; count < 1_000; count++) log.info("later");
    const lines = root.read("/run/boot.log").trimEnd().split("\n");
    expect(lines.length).toBe(500);
    expect(lines[0]).toMatch(/^<4>\[ *\d+\.\d{6}\] clump: held$/);
    expect(lines[1]).toMatch(/^<6>\[ *\d+\.\d{6}\] clump: later$/);
    expect(root.read("/dev/kmsg").split("\n").length).toBe(1_002);
  });

  test("goes on where there is no room for that file", () => {
    using root = makeRoot(FILES);
    const log = new KmsgLog("clump", root.path, "/run/absent/boot.log");
    log.open({ debug: false });
    log.info("line");
    expect(root.read("/dev/kmsg")).toBe("<6>clump: line\n");
  });

  test.each([
    [true, "<7>clump: early\n<7>clump: late\n"],
    [false, ""],
  ])("with debug %p keeps debug lines accordingly, held ones too", (debug, expected) => {
    const text = logged((log, open) => {
      log.debug("early");
      open();
      log.debug("late");
    }, debug);
    expect(text).toBe(expected);
  });

  test("stays as it was opened when it is opened again", () => {
    const text = logged((log, open) => {
      open();
      log.open({ debug: false });
      log.debug("late");
    });
    expect(text).toBe("<7>clump: late\n");
  });

  test("makes one record of several lines", () => {
    const text = logged((log, open) => {
      open();
      log.info("one\ntwo\nthree");
    });
    expect(text).toBe("<6>clump: one | two | three\n");
  });

  test.each([
    ["x", 900],
    ["→", 300],
    ["\u{1f5a7}", 225],
  ])("cuts a long line of %s to what a record holds, in bytes", (letter, count) => {
    const text = logged((log, open) => {
      open();
      log.info(letter.repeat(2_000));
    });
    expect(text).toBe(`<6>clump: ${letter.repeat(count)}\n`);
  });

  test("does not cut within a character", () => {
    const text = logged((log, open) => {
      open();
      log.info(`x${"→".repeat(400)}`);
    });
    expect(text).toBe(`<6>clump: x${"→".repeat(299)}\n`);
  });

  test("asks the kernel not to drop lines", () => {
    using root = makeRoot(FILES);
    new KmsgLog("clump", root.path).open({ debug: false });
    expect(root.read("/proc/sys/kernel/printk_devkmsg")).toBe("on\n");
  });

  test("opens where printk.devkmsg= has locked that", () => {
    using root = makeRoot({ "/dev/kmsg": "" });
    mkdirSync(`${root.path}/proc/sys/kernel/printk_devkmsg`, { recursive: true });
    const log = new KmsgLog("clump", root.path);
    log.info("line");
    log.open({ debug: false });
    expect(root.read("/dev/kmsg")).toBe("<6>clump: line\n");
  });

  test("says so where there is no /dev/kmsg", () => {
    using root = makeRoot();
    expect(() => new KmsgLog("clump", root.path).open({ debug: false })).toThrow("ENOENT");
  });

  test("survives a log that takes nothing", () => {
    using root = makeRoot({ "/dev/kmsg": "-> /dev/full" });
    const log = new KmsgLog("clump", root.path);
    log.info("held");
    log.open({ debug: false });
    expect(() => log.error("lost")).not.toThrow();
  });
});

test("reason() says a failure and its causes in one line", () => {
  const [inner, text] = [new Error("b", { cause: "c" }), "text"];
  expect(reason(new Error("a", { cause: inner }))).toBe("a: b: c");
  expect(reason(inner)).toBe("b: c");
  expect([reason(new Error("a")), reason(text), reason(undefined)]).toEqual(["a", "text", "undefined"]);
});

test("no line of the log has characters that the kernel cannot draw on a VGA screen", () => {
  const folders = ["init", "modes", "cluster", "probes", "system"];
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  );
  const lines = sources
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) => readFileSync(path, "utf8").split("\n"));
  expect(lines.filter((line) => /\blog\.\w+\(.*[^ -~]/.test(line))).toEqual([]);
});
