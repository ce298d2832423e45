import { describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { createKernelLog, reason } from "../../../system/log.ts";
import { makeRoot } from "../../fixtures/root.ts";

const FILES = { "/dev/kmsg": "", "/proc/sys/kernel/printk_devkmsg": "ratelimit\n" };

/** What a log wrote after `use`, opened with debug or without. */
function logged(
  use: (log: ReturnType<typeof createKernelLog>, open: () => void) => void,
  debug = true,
): string {
  using root = makeRoot(FILES);
  const log = createKernelLog("clump", root.path);
  use(log, () => log.open({ debug }));
  return root.read("/dev/kmsg");
}

describe("createKernelLog()", () => {
  test("holds lines until it is open, and writes them in order", () => {
    const text = logged((log, open) => {
      log.info("first");
      log.error("second");
      open();
      log.warn("third");
    });
    expect(text).toBe("<6>clump: first\n<3>clump: second\n<4>clump: third\n");
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
    createKernelLog("clump", root.path).open({ debug: false });
    expect(root.read("/proc/sys/kernel/printk_devkmsg")).toBe("on\n");
  });

  test("opens where printk.devkmsg= has locked that", () => {
    using root = makeRoot({ "/dev/kmsg": "" });
    mkdirSync(`${root.path}/proc/sys/kernel/printk_devkmsg`, { recursive: true });
    const log = createKernelLog("clump", root.path);
    log.info("line");
    log.open({ debug: false });
    expect(root.read("/dev/kmsg")).toBe("<6>clump: line\n");
  });

  test("says so where there is no /dev/kmsg", () => {
    using root = makeRoot();
    expect(() => createKernelLog("clump", root.path).open({ debug: false })).toThrow("ENOENT");
  });

  test("survives a log that takes nothing", () => {
    using root = makeRoot({ "/dev/kmsg": "-> /dev/full" });
    const log = createKernelLog("clump", root.path);
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
