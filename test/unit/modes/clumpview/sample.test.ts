import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSampler, parseMeminfo, parseStat } from "../../../../modes/clumpview/sample.ts";

/** A Debian 12 machine of two CPUs, the line of interrupts cut. */
const STAT = `cpu  10132153 290696 3084719 46828483 16683 0 25195 0 175628 0
cpu0 1393280 32966 572056 13343292 6130 0 17875 0 23933 0
cpu1 1335453 29234 510011 13360212 3213 0 3440 0 30202 0
intr 199292038 36 9 0 0
ctxt 403117098
btime 1700000000
`;

const MEMINFO = `MemTotal:         230776 kB
MemFree:           98452 kB
MemAvailable:     147800 kB
Buffers:               0 kB
`;

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sample-"));
});

afterEach(() => rmSync(root, { recursive: true }));

function writeProc(stat: string, meminfo = MEMINFO, uptime = "63.52 120.10\n"): void {
  mkdirSync(`${root}/proc`, { recursive: true });
  for (const [name, text] of Object.entries({ stat, meminfo, uptime }))
    writeFileSync(`${root}/proc/${name}`, text);
}

test("parseStat() counts waiting for disks as idle, and guests once", () => {
  expect(parseStat(STAT)).toEqual({ busy: 13_532_763, total: 60_377_929, cpus: 2 });
});

test("parseMeminfo() takes for used what is not available", () => {
  expect(parseMeminfo(MEMINFO)).toEqual({ memoryTotal: 230_776 * 1024, memoryUsed: 82_976 * 1024 });
});

test("parseMeminfo() takes for used what is not free where the kernel does not say what is available", () => {
  expect(parseMeminfo("MemTotal: 100 kB\nMemFree: 40 kB\n").memoryUsed).toBe(60 * 1024);
});

test("createSampler() gives the load between two readings", () => {
  const sample = createSampler(root);
  writeProc("cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0 0 0\n");
  sample();
  writeProc("cpu  125 0 150 825 0 0 0 0 0 0\ncpu0 125 0 150 825 0 0 0 0 0 0\n");
  expect(sample()).toEqual({
    load: 0.75,
    cpus: 1,
    memoryTotal: 230_776 * 1024,
    memoryUsed: 82_976 * 1024,
    uptime: 63.52,
  });
});

test("createSampler() gives 0 for what cannot be read, and for no time", () => {
  const sample = createSampler(root);
  expect(sample()).toEqual({ load: 0, cpus: 0, memoryTotal: 0, memoryUsed: 0, uptime: 0 });
  writeProc(STAT);
  sample();
  expect(sample().load).toBe(0);
});
