import { expect, test } from "bun:test";
import { Clearing } from "../../../../cluster/jobs/clearing.ts";
import type { AwayJob, GuestRecord } from "../../../../cluster/jobs/record.ts";
import type { Registry } from "../../../../cluster/jobs/registry.ts";
import { readProcess } from "../../../../probes/processes/process.ts";

const [OWN, OTHER, THIRD] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
const ALIVE = { pid: process.pid, startTime: readProcess("", process.pid)!.startTime };
const FACTS = { ...ALIVE, name: "work", since: 0, uid: 0, moves: 1 };
const ENDED = { pid: 1, startTime: -1 };

/** Both registries hold each job at `left` or `came`; a job of `stubborn` does not move. */
function make({ away = [], present = [], stubborn = [] }: Record<string, Record<string, unknown>[]>) {
  const asked: string[] = [];
  const move = (records: Record<string, unknown>[], record: Record<string, unknown> | undefined) => {
    if (record === undefined || stubborn.includes(record)) throw new Error("is stopped");
    records.splice(records.indexOf(record), 1);
  };
  const clearing = new Clearing({
    away: { all: away } as unknown as Registry<AwayJob>,
    present: { all: present } as unknown as Registry<GuestRecord>,
    own: OWN,
    departures: {
      migrate: async (pid, to, uid) => {
        asked.push(`migrate ${to} as ${uid}`);
        const next = away.find((job) => job["pid"] === pid && job["node"] !== OWN && !stubborn.includes(job));
        move(away, next ?? stubborn[0]);
        return {} as AwayJob;
      },
      pass: async (from, name, to) => void asked.push(`pass ${name} from ${from} to ${to}`),
    },
    nodes: {
      pass: async (home, name, to) => void asked.push(`ask ${home} to pass ${name} to ${to}`),
      recall: async (home, job) => {
        asked.push(`recall ${job} by ${home}`);
        move(
          present,
          present.find((guest) => guest["job"] === job),
        );
      },
    },
  });
  return { clearing, asked, away, present };
}

const job = (name: string, node: string, facts: object = FACTS) => ({ ...FACTS, ...facts, job: name, node });
const guest = (name: string, home: string, facts: object = FACTS) => ({
  ...{ ...FACTS, ...facts, job: name, home, folder: "", order: { pid: 7 } },
});

test("bring() fetches the jobs that are away, and none that is home or has ended", async () => {
  const { clearing, asked, away } = make({
    away: [job("a", OTHER), job("b", OWN), job("c", THIRD, ENDED), job("d", THIRD)],
  });
  await clearing.bring();
  expect(asked).toEqual(["migrate home as 0", "migrate home as 0"]);
  expect(away.map((left) => left["job"])).toEqual(["b", "c"]);
});

test("expel() asks the home of each guest, and leaves what is of this node", async () => {
  const { clearing, asked, present } = make({
    present: [guest("a", OTHER), guest("b", OWN), guest("c", THIRD, ENDED), guest("d", THIRD)],
  });
  await clearing.expel();
  expect(asked).toEqual([`recall a by ${OTHER}`, `recall d by ${THIRD}`]);
  expect(present.map((left) => left["job"])).toEqual(["b", "c"]);
});

test("what does not move is tried thrice, and named with its reason", async () => {
  const stuck = guest("a", OTHER);
  const { clearing, asked } = make({ present: [stuck, guest("b", OTHER)], stubborn: [stuck] });
  await expect(clearing.expel()).rejects.toThrow(
    /^Cannot move process 7 \(work\) of 10\.0\.0\.2: is stopped$/,
  );
  expect(asked.filter((line) => line.startsWith("recall a"))).toHaveLength(3);
});

test("sendOnward() has the guest's home perform, for root alone", async () => {
  const { clearing, asked } = make({
    present: [guest("a", OTHER), guest("b", OWN, { ...FACTS, pid: process.ppid, startTime: parentStart() })],
  });
  const request = { verb: "onward", pid: FACTS.pid, to: THIRD, room: { running: 2, memory: 0 } } as const;
  await clearing.sendOnward(request, 0);
  await clearing.sendOnward({ ...request, pid: process.ppid }, 0);
  expect(asked).toEqual([`ask ${OTHER} to pass a to ${THIRD}`, `pass b from ${OWN} to ${THIRD}`]);
  await expect(clearing.sendOnward(request, 1_000)).rejects.toThrow("Permission denied.");
  await expect(clearing.sendOnward({ ...request, pid: 1 }, 0)).rejects.toThrow("No such guest (1).");
});

function parentStart(): number {
  return readProcess("", process.ppid)!.startTime;
}

test("finish() waits for jobs that are away or came home, and is root's", () => {
  const { clearing, away } = make({ away: [job("a", OWN), job("b", OTHER, ENDED)] });
  expect(() => clearing.finish(1000)).toThrow("Permission denied.");
  expect(clearing.hasFinished).toBe(false);
  expect(clearing.finish(0)).toEqual([process.pid]);
  expect(clearing.hasFinished).toBe(false);
  away.shift();
  expect(clearing.hasFinished).toBe(true);
});
