import { describe, expect, test } from "bun:test";
import { nextRenewal, renewalTime, retransmissionWait } from "../../../../probes/dhcp/timing.ts";
import { leaseOf } from "./simulation.ts";

describe("retransmissionWait()", () => {
  test.each([
    [1, 4_000],
    [2, 8_000],
    [3, 16_000],
    [4, 32_000],
    [5, 64_000],
    [6, 64_000],
    [2_000, 64_000],
  ])("after message %p waits %p ms, a second more or less", (tries, wait) => {
    expect(retransmissionWait(tries, 0)).toBe(wait);
    expect(retransmissionWait(tries, -1)).toBe(wait - 1_000);
    expect(retransmissionWait(tries, 1)).toBe(wait + 1_000);
  });
});

describe("nextRenewal()", () => {
  test.each([
    ["half of what remains", 0, 1_000_000, 500_000],
    ["60 s where half is less", 900_000, 1_000_000, 960_000],
    ["the end where 60 s are more", 950_000, 1_000_000, 1_000_000],
  ])("waits for %s", (_, now, end, expected) => {
    expect(nextRenewal(now, { start: 0, end })).toBe(expected);
  });

  test("tries a phase of seconds several times", () => {
    const phase = { start: 10_000, end: 17_500 };
    const times: number[] = [];
    for (let now = phase.start; now < phase.end; now = nextRenewal(now, phase)) times.push(now);
    expect(times).toEqual([10_000, 13_750, 15_625]);
  });

  test("waits for ever where a lease has no end", () => {
    expect(renewalTime(leaseOf(Infinity), 5, 1)).toBe(Infinity);
  });
});

test("renewalTime() spreads T1 by one part in 64, never past T2", () => {
  const lease = leaseOf(6_400);
  expect([-1, 0, 1].map((jitter) => renewalTime(lease, 0, jitter))).toEqual([
    3_150_000, 3_200_000, 3_250_000,
  ]);
  expect(renewalTime({ ...lease, rebindAfter: 3_201 }, 0, 1)).toBe(3_201_000);
});
