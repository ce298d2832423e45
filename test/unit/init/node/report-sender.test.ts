import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { ReportSender, sendBootReport } from "../../../../init/node/report-sender.ts";
import { parseTarget } from "../../../../system/state/report-target.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const signal = new AbortController().signal;

function machineWhoseReport(...statuses: number[]) {
  const machine = fakeMachine("");
  machine.children.onSpawn = (child) => child.finish(statuses.shift() ?? 0);
  return machine;
}

describe("ReportSender", () => {
  test.each([
    ["http://10.0.0.1/", ["bootIsOver"], 0],
    ["http://10.0.0.1/", ["nodeIsConfigured"], 0],
    ["http://10.0.0.1/", ["nodeIsConfigured", "bootIsOver"], 1],
    ["http://10.0.0.1/", ["bootIsOver", "nodeIsConfigured", "nodeIsConfigured"], 1],
    ["usb", ["bootIsOver", "nodeIsConfigured"], 1],
    ["usb", ["nodeIsConfigured"], 0],
  ] as const)("to %s after %j sends %i", async (target, events, count) => {
    const machine = machineWhoseReport();
    const sender = new ReportSender(machine, { target: parseTarget(target), signal });
    for (const event of events) sender[event]();
    await settle();
    expect(machine.children.all.map(({ command }) => command.join(" "))).toEqual(
      Array(count).fill("/usr/bin/clump report"),
    );
  });
});

describe("sendBootReport()", () => {
  const target = parseTarget("http://me:word@10.0.0.1/in/");

  test("says where it went, without the password", async () => {
    const machine = machineWhoseReport(0);
    await sendBootReport(machine, { target });
    expect(machine.log.lines).toEqual(["info: report sent to http://10.0.0.1/in/"]);
  });

  test("tries three times, with pauses, and gives up", async () => {
    const machine = machineWhoseReport(1, 1, 1);
    const sending = sendBootReport(machine, { target });
    for (const pause of [5_000, 30_000]) {
      await settle();
      jest.advanceTimersByTime(pause);
    }
    await sending;
    expect(machine.log.lines.map((line) => line.replace(/.*, /, ""))).toEqual([
      "trying again in 5 s",
      "trying again in 30 s",
      "ignoring",
    ]);
  });
});
