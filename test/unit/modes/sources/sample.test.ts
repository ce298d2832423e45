import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMemory } from "../../../../modes/sources/memory.ts";
import { Sampler } from "../../../../modes/sources/sample.ts";
import { parseTicks } from "../../../../probes/processors.ts";

/** A Debian 12 machine of two CPUs, the line of interrupts cut. */
const STAT = `cpu  10132153 290696 3084719 46828483 16683 0 25195 0 175628 0
cpu0 1393280 32966 572056 13343292 6130 0 17875 0 23933 0
cpu1 1335453 29234 510011 13360212 3213 0 3440 0 30202 0
intr 199292038 36 9 0 0
ctxt 403117098
btime 1700000000
`;

const MEMORY = { memoryTotal: 230_776 * 1024, memoryUsed: 82_976 * 1024 };
const memoryOf = async () => MEMORY;

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sample-"));
});

afterEach(() => rmSync(root, { recursive: true }));

function writeProc(stat: string, uptime = "63.52 120.10\n"): void {
  mkdirSync(`${root}/proc`, { recursive: true });
  for (const [name, text] of Object.entries({ stat, uptime })) writeFileSync(`${root}/proc/${name}`, text);
}

test("parseTicks() counts waiting for disks as idle, and guests once", () => {
  expect(parseTicks(STAT)).toEqual({ busy: 13_532_763, total: 60_377_929, cpus: 2 });
});

test("readMemory() gives what this machine has, and less of it in use", async () => {
  const { memoryTotal, memoryUsed } = await readMemory();
  expect(memoryTotal).toBe(
    Number(/MemTotal: +(\d+)/.exec(readFileSync("/proc/meminfo", "utf8"))?.[1]) * 1024,
  );
  expect(memoryUsed).toBeGreaterThan(0);
  expect(memoryUsed).toBeLessThan(memoryTotal);
});

test("Sampler gives the load between two readings", async () => {
  const sampler = new Sampler(root, memoryOf);
  writeProc("cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0 0 0\n");
  await sampler.sample();
  writeProc("cpu  125 0 150 825 0 0 0 0 0 0\ncpu0 125 0 150 825 0 0 0 0 0 0\n");
  expect(await sampler.sample()).toEqual({
    load: 0.75,
    cpus: 1,
    ...MEMORY,
    uptime: 63.52,
  });
});

test("Sampler gives 0 for what cannot be read, and for no time", async () => {
  const sampler = new Sampler(root, memoryOf);
  expect(await sampler.sample()).toEqual({ load: 0, cpus: 0, ...MEMORY, uptime: 0 });
  writeProc(STAT);
  await sampler.sample();
  expect((await sampler.sample()).load).toBe(0);
});
