import { expect, test } from "bun:test";
import { isResumption, parseParking, relaysAfter } from "../../../../cluster/migration/parking.ts";

const STATE = `resume=12,40
flow=r0,1,0,16384,1
key=r0,pipe:[77]
flow=w1,0,0,12000,1
key=w1,pipe:[78]
flow=w2,0,0,16384,0
flow=t,0,1,16384,1
`;

test("a parked supervisor tells the next where its link stands, and how criu calls what is relayed now", () => {
  const resumption = parseParking(STATE);
  expect(resumption.words).toEqual([
    "resume=12,40",
    "flow=r0,1,0,16384,1",
    "flow=w1,0,0,12000,1",
    "flow=w2,0,0,16384,0",
    "flow=t,0,1,16384,1",
  ]);
  const relays = [
    { fd: 0, mode: "r", key: "tmp/list" },
    { fd: 1, mode: "w", key: "pipe:[5]" },
  ] as const;
  expect(relaysAfter(relays, resumption)).toEqual([
    { fd: 0, mode: "r", key: "pipe:[77]" },
    { fd: 1, mode: "w", key: "pipe:[78]" },
  ]);
});

test.each([
  "",
  "resume=1",
  "resume=-1,2",
  "flow=x1,0,0,1,1",
  "flow=w1,2,0,1,1",
  "flow=w1,0,0,1",
  "key=w1,pipe:[1]",
  "socket=/x",
])("%j resumes no link", (word) => {
  expect(isResumption(word)).toBe(false);
});

test("what no supervisor writes is refused", () => {
  expect(() => parseParking("criu=/tmp/own\n")).toThrow(/^Cannot read what the supervisor has written/);
});
