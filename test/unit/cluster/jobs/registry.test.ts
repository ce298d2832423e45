import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AwayJob, parseAwayJob, parseGuestRecord } from "../../../../cluster/jobs/record.ts";
import { Registry } from "../../../../cluster/jobs/registry.ts";

const JOB: AwayJob = {
  ...{ job: "42.abc", pid: 42, startTime: 900, name: "work", since: 1_000 },
  ...{ uid: 1000, node: "10.0.0.2", moves: 1 },
};

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "registry-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a registry has the records of an earlier one", () => {
  new Registry(folder, parseAwayJob).set(JOB);
  const later = new Registry(folder, parseAwayJob);
  expect(later.all).toEqual([JOB]);
  expect(later.get("42.abc")).toEqual(JOB);
  later.delete("42.abc");
  expect(new Registry(folder, parseAwayJob).all).toEqual([]);
});

test("a registry removes files that are no records, or that another job's name has", () => {
  writeFileSync(join(folder, "42.abc"), "{ half");
  writeFileSync(join(folder, "43.abc"), JSON.stringify(JOB));
  expect(new Registry(folder, parseAwayJob).all).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

test("a registry tells of its records, those of an earlier daemon too, and of each change", () => {
  new Registry(folder, parseAwayJob).set(JOB);
  const told: number[] = [];
  const later = new Registry(folder, parseAwayJob, (jobs) => told.push(jobs.length));
  later.set({ ...JOB, job: "other" });
  later.delete(JOB.job);
  expect(told).toEqual([1, 2, 1]);
});

test("a registry makes its folder, for root alone", () => {
  new Registry(join(folder, "a/b"), parseAwayJob);
  expect(existsSync(join(folder, "a/b"))).toBe(true);
});

test.each([
  "",
  "null",
  "[]",
  '"text"',
  JSON.stringify({ ...JOB, pid: "42" }),
  JSON.stringify({ ...JOB, node: 2 }),
])("%j is no record", (text) => {
  expect(parseAwayJob(text)).toBeUndefined();
  expect(parseGuestRecord(text)).toBeUndefined();
});

test("the record of a job that is away is none of a guest", () => {
  expect(parseGuestRecord(JSON.stringify(JOB))).toBeUndefined();
  const guest = { ...JOB, home: "10.0.0.1", order: {}, folder: "/x", stage: "runs" };
  expect(parseGuestRecord(JSON.stringify(guest))?.home).toBe("10.0.0.1");
});
