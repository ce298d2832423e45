import { afterEach, describe, expect, test } from "bun:test";
import { BootTrace, bootTrace } from "../../../system/boot-trace.ts";
import { OwnChildren } from "../../../system/children.ts";
import { KmsgLog } from "../../../system/log.ts";
import { FakeKernel, FakeLog } from "../../lib/fake-kernel.ts";

afterEach(() => bootTrace.end());

/** What a trace prints. */
function printed(trace: BootTrace): string[] {
  const log = new FakeLog();
  trace.end(log);
  return [...log.lines];
}

describe("a trace", () => {
  test("prints each event with the milliseconds since the start, and since the event before", () => {
    const times = [100, 112.34, 20_000];
    const trace = new BootTrace(() => times.shift()!);
    trace.begin();
    for (const what of ["loaded", "mounted", "configured"]) trace.mark(what);
    expect(printed(trace)).toEqual([
      "info: trace: 100.0 ms +100.0 loaded",
      "info: trace: 112.3 ms +12.3 mounted",
      "info: trace: 20000.0 ms +19887.7 configured",
    ]);
  });

  test("keeps nothing before it begins, after its end, and beyond 500 events", () => {
    let reads = 0;
    const trace = new BootTrace(() => reads++);
    trace.mark("before");
    expect([printed(trace), reads]).toEqual([[], 0]);
    trace.begin();
    for (let event = 0; event < 600; event++) trace.mark("again");
    expect(printed(trace)).toHaveLength(500);
    trace.mark("after");
    expect(printed(trace)).toEqual([]);
  });
});

test("the trace of this process has the lines of its log, and the starts and ends of its children", async () => {
  bootTrace.begin();
  new KmsgLog("clump").debug("a line that nobody has asked for");
  await new OwnChildren(new FakeKernel()).spawn(["/bin/true"]).ended;
  expect(printed(bootTrace).map((line) => line.replace(/[\d.]+ ms \+[\d.]+/, "TIME"))).toEqual([
    "info: trace: TIME a line that nobody has asked for",
    "info: trace: TIME /bin/true starts",
    "info: trace: TIME /bin/true has ended",
  ]);
});
