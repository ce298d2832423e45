import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DemandMeter } from "../../../../probes/processes/demand.ts";

/** In the session of another process. */
const JOINED = { hasSession: true, isSessionLeader: false };

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "demand-"));
});
afterEach(() => rmSync(root, { recursive: true }));

interface Written {
  readonly session?: number;
  readonly terminal?: number;
  readonly flags?: number;
  readonly start?: number;
  /** Seconds that each thread ran, and waited. */
  readonly threads: readonly (readonly [ran: number, waited: number])[];
}

function write(pid: number, { session = 1, terminal = 0, flags = 0, start = 50, threads }: Written): void {
  const folder = `${root}/proc/${pid}`;
  const zeros = (count: number) => "0 ".repeat(count);
  const stat = `${pid} (a) b) R 1 1 ${session} ${terminal} 1 ${flags} ${zeros(4)}150 50 ${zeros(4)}${threads.length} 0 ${start} 0 3 0\n`;
  for (const [index, [ran, waited]] of threads.entries()) {
    const task = `${folder}/task/${pid + index}`;
    mkdirSync(task, { recursive: true });
    for (const path of index === 0 ? [task, folder] : [task])
      writeFileSync(`${path}/schedstat`, `${ran * 1e9} ${waited * 1e9} 7\n`);
  }
  writeFileSync(`${folder}/stat`, stat);
}

test("a process that waits for a processor wants it as one that has it", () => {
  const meter = new DemandMeter(root);
  write(20, { threads: [[1, 1]] });
  expect(meter.read(10)).toEqual([]);
  write(20, { threads: [[1.25, 1.75]] });
  expect(meter.read(11)).toEqual([
    { pid: 20, startTime: 50, used: 2, wanted: 3, memory: 3 * 4_096, demand: 1, ...JOINED },
  ]);
});

test("threads count, a later process with the same pid does not, and neither do threads of the kernel", () => {
  const meter = new DemandMeter(root);
  write(20, {
    threads: [
      [0, 0],
      [0, 0],
    ],
  });
  write(30, { threads: [[0, 0]] });
  write(40, { threads: [[0, 0]], flags: 0x00200000 });
  meter.read(10);
  write(20, {
    threads: [
      [1, 0],
      [1, 0],
    ],
    session: 20,
    terminal: 34_816,
  });
  write(30, { threads: [[1, 0]], start: 60 });
  write(40, { threads: [[1, 0]], flags: 0x00200000 });
  expect(meter.read(11)).toMatchObject([{ pid: 20, demand: 2, isSessionLeader: true }]);
});

test("what process 1 has started belongs to no session", () => {
  const meter = new DemandMeter(root);
  write(20, { session: 0, threads: [[0, 0]] });
  meter.read(10);
  write(20, { session: 0, threads: [[1, 0]] });
  expect(meter.read(11)).toMatchObject([{ hasSession: false, isSessionLeader: false }]);
});

test("what lies longer back than five seconds does not count", () => {
  const meter = new DemandMeter(root);
  write(20, { threads: [[0, 0]] });
  meter.read(10);
  write(20, { threads: [[4, 0]] });
  expect(meter.read(16)).toEqual([]);
  write(20, { threads: [[4, 0.5]] });
  expect(meter.read(17)).toMatchObject([{ demand: 0.5 }]);
});
