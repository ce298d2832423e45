import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLoadMeter } from "../../../../cluster/daemon/own-load.ts";
import { parseMemory } from "../../../../probes/memory.ts";
import { countRunning, parseTicks } from "../../../../probes/processors.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "load-"));
  mkdirSync(`${root}/proc`);
});

afterEach(() => rmSync(root, { recursive: true }));

const proc = (name: string, text: string) => writeFileSync(`${root}/proc/${name}`, text);

describe("createLoadMeter()", () => {
  test("gives what happened between two readings, for each processor, in units of the standard one", () => {
    proc("stat", "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 50 0 50 400\ncpu1 50 0 50 400\nintr 1\n");
    proc("loadavg", "0.20 0.18 0.12 5/93 1234\n");
    proc(
      "meminfo",
      "MemTotal:         507304 kB\nMemFree:          372220 kB\nMemAvailable:     400000 kB\n",
    );
    const meter = createLoadMeter(root);
    meter(1);
    proc("stat", "cpu  130 0 100 870 0 0 0 0 0 0\ncpu0 50 0 50 400\ncpu1 50 0 50 400\nintr 1\n");
    for (let second = 0; second < 30; second++) meter(1);
    expect(meter(1)).toMatchObject({ cpus: 2, load: 200, memoryFree: 409_600_000, memoryTotal: 519_479_296 });
    expect(meter(2).load).toBe(100);
    proc("stat", "cpu  160 0 100 940 0 0 0 0 0 0\ncpu0 50 0 50 400\ncpu1 50 0 50 400\n");
    expect(meter(1).busy).toBe(0.3);
    expect(meter(1).busy).toBe(0);
  });

  test("knows nothing where there is nothing to read", () => {
    rmSync(`${root}/proc`, { recursive: true });
    const nothing = {
      load: 0,
      busy: 0,
      cpus: 1,
      memoryFree: 0,
      memoryTotal: 0,
      guests: 0,
      away: 0,
      processor: 0,
    };
    expect(createLoadMeter(root)(1)).toEqual(nothing);
  });
});

test("the parts of /proc are read as the man pages have them", () => {
  expect(parseTicks("cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1\n")).toEqual({ busy: 27, total: 36, cpus: 1 });
  expect(countRunning("0.00 0.01 0.05 1/80 99\n")).toBe(0);
  expect(countRunning("nonsense")).toBe(0);
  expect(parseMemory("MemFree: 1 kB\n")).toEqual({ memoryFree: 0, memoryTotal: 0 });
});
