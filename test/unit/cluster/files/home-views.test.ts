import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HomeViews } from "../../../../cluster/files/home-views.ts";
import { readOptional } from "../../../../system/files.ts";
import { SyscallError } from "../../../../system/kernel/syscall-error.ts";

let folder = "";
let unmounted: unknown[] = [];
const HOME = { address: "10.0.0.7", image: "abc" };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "views-"));
  unmounted = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program in place of the view: it notes its words, and runs `body`. */
function views(body: string, image = "abc"): HomeViews {
  const program = join(folder, "program");
  writeFileSync(program, `#!/bin/sh\necho "$@" >>${folder}/words\n${body}\n`);
  chmodSync(program, 0o755);
  return new HomeViews({
    ...{ folder: join(folder, "views"), program, port: 99, image },
    reach: { to: async (address) => `fd00::${address}` },
    kernel: { unmount: (target, options) => void unmounted.push([target, options]) },
  });
}

const words = () => readFileSync(join(folder, "words"), "utf8");

describe("HomeViews", () => {
  test("opens the view of a home by the way to it, with /usr of this node where the images are the same", async () => {
    const target = join(folder, "views/10.0.0.7");
    expect(await views("echo mounted").rootFor(HOME)).toBe(target);
    expect(words()).toBe(`connect=fd00::10.0.0.7 port=99 target=${target} kind=view own=/usr\n`);
  });

  test.each([
    ["another", "def", "abc"],
    ["an unknown", "", ""],
  ])("takes /usr of a home with %s image from there", async (_, image, own) => {
    await views("echo mounted", own).rootFor({ ...HOME, image });
    expect(words()).not.toContain("own=");
  });

  test("opens one view for guests that arrive together", async () => {
    const opened = views("sleep 0.1; echo mounted");
    await Promise.all([opened.rootFor(HOME), opened.rootFor(HOME)]);
    expect(words().split("\n")).toHaveLength(2);
  });

  test("says why there is none, and tries anew for the next guest", async () => {
    const refused = views('echo "Cannot see the files of 10.0.0.7: it hung up" >&2; exit 1');
    expect(refused.rootFor(HOME)).rejects.toThrow("Cannot see the files of 10.0.0.7: it hung up");
    expect(views("exit 1").rootFor(HOME)).rejects.toThrow("Cannot start: it ended without a word");
    await views("echo mounted").rootFor(HOME);
    expect(words().split("\n").length).toBeGreaterThanOrEqual(3);
  });

  test("forgets a home by force, without waiting for who is in it", () => {
    views("").forget("10.0.0.7");
    expect(unmounted).toEqual([[join(folder, "views/10.0.0.7"), { lazy: true, force: true }]]);
    expect(readOptional(join(folder, "words"))).toBeUndefined();
  });

  test("gives up a view that is being opened when its home dies, and opens another for the next guest", async () => {
    const opened = views(`[ -e ${folder}/boots ] && exec echo mounted; exec sleep 60`);
    const first = opened.rootFor(HOME).catch(String);
    while (readOptional(join(folder, "words")) === undefined) await Bun.sleep(5);
    expect(opened.homes).toEqual(["10.0.0.7"]);
    opened.forget("10.0.0.7");
    expect(await first).toContain("it ended without a word");
    writeFileSync(join(folder, "boots"), "");
    expect(await opened.rootFor(HOME)).toBe(join(folder, "views/10.0.0.7"));
  });

  test("has no home any more that was forgotten", async () => {
    const opened = views("echo mounted");
    await opened.rootFor(HOME);
    expect(opened.homes).toEqual(["10.0.0.7"]);
    opened.forget("10.0.0.7");
    expect(opened.homes).toEqual([]);
  });

  test("forgets a home that no guest came from", () => {
    const none = new HomeViews({
      ...{ folder: join(folder, "views"), image: "", reach: { to: async (address) => address } },
      kernel: {
        unmount: () => {
          throw new SyscallError("umount2", 22, { doing: "unmount", meaning: "Invalid argument" });
        },
      },
    });
    none.forget("10.0.0.7");
  });
});
