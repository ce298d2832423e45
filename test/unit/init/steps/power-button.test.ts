import { describe, expect, test } from "bun:test";
import { holdsPowerKey, watchPowerButtons } from "../../../../init/steps/power-button.ts";
import type { Uevent } from "../../../../system/kernel/kernel.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { FakeKernel, FakeLog, settle } from "../../../lib/fake-kernel.ts";

/** struct input_event as the ACPI button of QEMU sends it: the key, and the end of the report. */
const PRESS = "1a5be1670000000030750000000000000100740001000000";
const REPORT = "1a5be1670000000030750000000000000000000000000000";
const bytes = (hex: string) => Uint8Array.fromHex(hex);

describe("holdsPowerKey()", () => {
  test.each([
    ["a press", PRESS, true],
    ["a press with its report", PRESS + REPORT, true],
    ["a press after a report", REPORT + PRESS, true],
    ["a release", PRESS.replace(/01000000$/, "00000000"), false],
    ["a key held on", PRESS.replace(/01000000$/, "02000000"), false],
    ["another key", PRESS.replace("7400", "1e00"), false],
    ["another kind of event", PRESS.replace("01007400", "02007400"), false],
    ["a report alone", REPORT, false],
    ["half an event", PRESS.slice(0, 46), false],
    ["nothing", "", false],
  ])("of %s: %s", (_, hex, holds) => {
    expect(holdsPowerKey(bytes(hex))).toBe(holds);
  });

  test("reads from the middle of a buffer", () => {
    expect(holdsPowerKey(bytes(`00${PRESS}`).subarray(1))).toBe(true);
  });
});

describe("watchPowerButtons()", () => {
  const button = (name: string, text = "Power Button") => ({
    [`/sys/class/input/${name}/device/name`]: `${text}\n`,
  });

  /** Waits for so many, and then a moment for one too many. */
  async function count(seen: () => number, wanted: number): Promise<number> {
    for (let turn = 0; turn < 500 && seen() < wanted; turn++) await Bun.sleep(5);
    await Bun.sleep(10);
    return seen();
  }

  /** Presses that were seen of what lies in /dev/input. */
  async function watch(files: Record<string, string>, wanted: number) {
    using root = makeRoot(files);
    for (const name of Object.keys(files)) {
      const event = /class\/input\/(\w+)/.exec(name)?.[1];
      if (event) await Bun.write(`${root.path}/dev/input/${event}`, bytes(PRESS));
    }
    let presses = 0;
    const kernel = new FakeKernel();
    const log = new FakeLog();
    const pressed = () => {
      presses += 1;
    };
    watchPowerButtons(
      { root: root.path, kernel, log },
      { end: { ask: pressed }, signal: new AbortController().signal },
    );
    const counted = await count(() => presses, wanted);
    expect(
      log.lines.filter((line) => line.startsWith("debug: watching the power button event")),
    ).toHaveLength(wanted);
    return counted;
  }

  const added = (name: string, action = "add", subsystem = "input"): Uevent => ({
    action,
    path: "/devices/x",
    env: new Map([
      ["SUBSYSTEM", subsystem],
      ["DEVNAME", `input/${name}`],
    ]),
  });

  test("sees a press of each button there is", async () => {
    expect(await watch({ ...button("event0"), ...button("event3", "ACPI Power Button") }, 2)).toBe(2);
  });

  test.each([
    ["a keyboard", button("event1", "AT Translated Set 2 keyboard")],
    ["an input that is not read by events", button("input0")],
    ["no input at all", {}],
  ])("does not read %s", async (_, files) => {
    expect(await watch(files, 0)).toBe(0);
  });

  test.each<[string, Uevent, number]>([
    ["appears later", added("event5"), 1],
    ["goes", added("event5", "remove"), 0],
    ["is no input", added("event5", "add", "net"), 0],
  ])("of a device that %s", async (_, event, presses) => {
    using root = makeRoot();
    let seen = 0;
    const kernel = new FakeKernel();
    const pressed = () => {
      seen += 1;
    };
    watchPowerButtons(
      { root: root.path, kernel, log: new FakeLog() },
      { end: { ask: pressed }, signal: new AbortController().signal },
    );
    root.write(button("event5"));
    await Bun.write(`${root.path}/dev/input/event5`, bytes(PRESS));
    kernel.deviceEvents.push(event);
    expect(await count(() => seen, presses)).toBe(presses);
  });

  test("survives a button that cannot be read, and events that end in an error", async () => {
    using root = makeRoot(button("event0"));
    const kernel = new FakeKernel();
    watchPowerButtons(
      { root: root.path, kernel, log: new FakeLog() },
      { end: { ask: () => {} }, signal: new AbortController().signal },
    );
    kernel.deviceEvents.fail(new Error("ENOBUFS"));
    await settle();
  });
});
