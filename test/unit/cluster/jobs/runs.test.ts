import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Members } from "../../../../cluster/jobs/members.ts";
import { type AwayJob, parseWish } from "../../../../cluster/jobs/record.ts";
import { Registry } from "../../../../cluster/jobs/registry.ts";
import { Runs } from "../../../../cluster/jobs/runs.ts";

const RUNNER = { pid: process.pid, uid: 1000 };
const QUIET = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "runs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Node 1 is this one; 2 and 3 live; others do not. */
function makeRuns({ failure, chance = 0 }: { readonly failure?: string; readonly chance?: number } = {}) {
  const said: string[] = [];
  const find = (word: string) => {
    if (!["1", "2", "3"].includes(word)) throw new Error(`Node #${word} is not configured`);
    return { isSelf: word === "1", address: `10.0.0.${word}` };
  };
  const runs = new Runs({
    wishes: new Registry(folder, parseWish),
    members: { find } as unknown as Members,
    log: QUIET,
    departures: {
      migrate: async (pid, to, uid) => {
        said.push(`migrate ${pid === process.pid} ${to} ${uid}`);
        if (failure !== undefined) throw new Error(failure);
        return {} as AwayJob;
      },
    },
    signal: (_, signal) => said.push(signal),
    chance: () => chance,
  });
  return { runs, said };
}

test.each([
  [["-2"], 0, "10.0.0.2"],
  [["-j2-3"], 0.9, "10.0.0.3"],
  [["-j2,9"], 0.9, "10.0.0.2"],
])("mosrun %j moves the process as its user, and then lets it run", async (words, chance, address) => {
  const { runs, said } = makeRuns({ chance });
  const { line, afterwards } = runs.answer(words, RUNNER);
  expect([line, said]).toEqual(["wait", []]);
  await afterwards?.();
  expect(said).toEqual([`migrate true ${address} 1000`, "SIGUSR1"]);
});

test.each([
  [["-2"], "SIGUSR2"],
  [["-2", "-F"], "SIGUSR1"],
])("where the move fails, mosrun %j hears %s", async (words, signal) => {
  const { runs, said } = makeRuns({ failure: "no room" });
  await runs.answer(words, RUNNER).afterwards?.();
  expect(said.at(-1)).toBe(signal);
});

test.each([
  [[], "run"],
  [["-h"], "run"],
  [["-1"], "run"],
  [["-9", "-F"], "run"],
  [["-9"], "fail Migration Failed: Node #9 is not configured"],
  [["-x"], 'fail mosrun: Cannot use "-x": -N, -h, -jN1-N2, -F, -l, -L, -k or --keep was wanted'],
])("mosrun %j is answered with %s", (words, line) => {
  expect(makeRuns().runs.answer(words, RUNNER)).toEqual({ line });
});

test("that a process is kept is known to the next daemon, and locks nothing", () => {
  makeRuns().runs.answer(["--keep", "-l"], RUNNER);
  const [wish] = new Registry(folder, parseWish).all;
  expect(wish).toMatchObject({ job: String(process.pid), isKept: true, isLocked: false });
});

test("a lock is known to the next daemon, until -l or the end of the process", () => {
  makeRuns().runs.answer(["-L"], RUNNER);
  const { runs } = makeRuns();
  expect(runs.locked).toEqual([process.pid]);
  runs.answer(["-k"], RUNNER);
  expect(runs.locked).toEqual([process.pid]);
  runs.answer(["-l"], RUNNER);
  expect(runs.locked).toEqual([]);
  runs.answer(["-L"], { pid: 2 ** 22 + 1, uid: 0 });
  runs.sweep();
  expect([runs.locked, new Registry(folder, parseWish).all]).toEqual([[], []]);
});
