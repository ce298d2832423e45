import { beforeEach, describe, expect, test } from "bun:test";
import { MoveReporter } from "../../../../cluster/jobs/move-reporter.ts";
import type { AwayJob, GuestRecord } from "../../../../cluster/jobs/record.ts";
import { parseMoves } from "../../../../cluster/moves-report.ts";
import { readProcess } from "../../../../probes/processes/process.ts";

const USERS =
  "root:x:0:0:root:/root:/bin/sh\nalias:x:0:0::/:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\nbad\n";
const OWN = readProcess("", process.pid)!;
const WORK = { pid: 4711, startTime: 1, name: "work", uid: 1000 };
const AWAY: AwayJob = { ...WORK, job: "4711.a", node: "10.0.0.2", since: 5_000, moves: 2 };
const GUEST = {
  ...{
    job: "9.b",
    pid: 300,
    startTime: 1,
    name: "cc1",
    since: 7_000,
    home: "10.0.0.3",
    folder: "",
    stage: "runs",
  },
  order: { pid: 9 },
} as unknown as GuestRecord;

let away: AwayJob[];
let guests: GuestRecord[];
let texts: string[];
let reporter: MoveReporter;
beforeEach(() => {
  [away, guests, texts] = [[], [], []];
  reporter = new MoveReporter({
    ...{ own: "10.0.0.1", away: () => away, guests: () => guests, users: () => USERS },
    write: (text) => texts.push(text),
  });
});

const last = () => parseMoves(texts.at(-1) ?? "")!;

describe("the report of the daemon of moves", () => {
  test("has a process from the moment in which it leaves", () => {
    reporter.leaves(WORK, "10.0.0.2");
    expect(last().jobs).toMatchObject([
      { kind: "leaving", pid: 4711, user: "ann", address: "10.0.0.1", next: "10.0.0.2", moves: 0 },
    ]);
    // The original has become the deputy, and the guest does not run yet.
    away = [AWAY];
    reporter.update();
    expect(last().jobs).toHaveLength(1);
    reporter.moved(WORK, "away");
    const { job: _, startTime: __, uid: ___, node, ...shown } = AWAY;
    expect(last().jobs).toEqual([{ ...shown, kind: "away", user: "ann", address: node }]);
    expect(last().counts.outcomes).toEqual({ away: 1, onward: 0, home: 0, stayed: 0, lost: 0 });
  });

  test("has guests, and where they go on to; the parts of this node that came home are neither", () => {
    guests = [GUEST, { ...GUEST, job: "8.c", home: "10.0.0.1" }, { ...GUEST, job: "9.d", stage: "arrives" }];
    away = [{ ...AWAY, node: "10.0.0.1" }];
    reporter.update();
    const guest = { pid: 9, name: "cc1", user: "", address: "10.0.0.3", since: 7_000, moves: 0 };
    expect(last().jobs).toEqual([
      { ...guest, kind: "arriving" },
      { ...guest, kind: "guest" },
    ]);
    reporter.guestLeaves("9.b", "10.0.0.4");
    expect(last().jobs[1]).toMatchObject({ kind: "guest", next: "10.0.0.4" });
    reporter.guestLeaves("9.b", undefined);
    expect(last().jobs[1]?.next).toBeUndefined();
  });

  test("has the latest reason of each living process that stays, and the kinds of all reasons", () => {
    const own = { ...OWN, uid: 0 };
    reporter.stayed(own, "room", "node 2 is busy");
    reporter.stayed(own, "process", "it uses a socket");
    reporter.stayed(own, "wish", "Process was already sent elsewhere.");
    reporter.stayed({ ...own, pid: 4_000_000 }, "node", "no such process lives");
    expect(last().stays).toMatchObject([{ pid: process.pid, user: "root", why: "it uses a socket" }]);
    const { outcomes, refusals } = last().counts;
    expect(outcomes.stayed).toBe(3);
    expect(refusals).toEqual({ wish: 1, node: 1, processor: 0, memory: 0, room: 1, process: 1 });
    reporter.moved(own, "away");
    expect(last().stays).toEqual([]);
  });

  test("has freezes as a histogram whose buckets hold those before them, bytes and losses", () => {
    for (const seconds of [0.04, 0.3, 60]) reporter.froze(seconds);
    reporter.sent(1_000);
    reporter.sent(24);
    reporter.lost();
    reporter.update();
    const { freezes, bytesSent, outcomes } = last().counts;
    expect(freezes).toEqual({ buckets: [1, 1, 1, 2, 2, 2, 2, 2], sum: 60.34, count: 3 });
    expect([bytesSent, outcomes.lost]).toEqual([1_024, 1]);
  });

  test("is written when it has changed, and again after a failure", () => {
    reporter.update();
    reporter.update();
    expect(texts).toHaveLength(1);
    let isFull = true;
    reporter = new MoveReporter({
      ...{ own: "10.0.0.1", away: () => away, guests: () => guests, users: () => "" },
      write: (text) => {
        if (isFull) throw new Error("ENOSPC");
        texts.push(text);
      },
    });
    reporter.update();
    isFull = false;
    reporter.update();
    expect(texts).toHaveLength(2);
  });
});
