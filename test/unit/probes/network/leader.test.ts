import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { Leader } from "../../../../probes/network/leader.ts";
import type { Nic } from "../../../../probes/network/nic.ts";
import { ETH0, LEASE, NIC } from "../../../fixtures/lease.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const LEASED: Nic = { ...NIC, lease: LEASE };
const USB: Nic = { ...LEASED, link: { ...ETH0, index: 5, name: "usb0" }, bus: "on USB", names: ["usb0"] };

function bench(...asked: string[]) {
  let nics: readonly Nic[] = [];
  const abort = new AbortController();
  const leader = new Leader({
    asked: asked.map((name) => ({ option: `clump.nic=${name}`, name })),
    signal: abort.signal,
    again: () => void leader.update(nics),
  });
  const see = (...now: Nic[]): boolean => {
    nics = now;
    return leader.update(nics);
  };
  return { leader, see, abort };
}

describe("a Leader", () => {
  test("says when another interface leads than before", () => {
    const { leader, see } = bench();
    expect(see(NIC)).toBe(false);
    expect(see(LEASED)).toBe(true);
    expect([leader.index, leader.reason]).toEqual([2, "the only one with a lease"]);
    expect(see(LEASED)).toBe(false);
    expect(see()).toBe(true);
    expect(leader.index).toBeUndefined();
  });

  test("has USB wait while drivers load, and no longer than a moment", () => {
    const { leader, see } = bench();
    see(USB);
    jest.advanceTimersByTime(2_499);
    expect(leader.index).toBeUndefined();
    jest.advanceTimersByTime(1);
    expect(leader.index).toBe(5);
  });

  test("takes USB at once where every driver is in", () => {
    const { leader, see } = bench();
    leader.complete();
    see(USB);
    expect(leader.index).toBe(5);
  });

  test("waits for what was asked for as long as its driver may come, then names it", () => {
    const { leader, see } = bench("eth7");
    see(LEASED);
    expect([leader.index, leader.missing]).toEqual([undefined, []]);
    leader.complete();
    see(LEASED);
    expect([leader.index, leader.missing]).toEqual([2, [{ option: "clump.nic=eth7", name: "eth7" }]]);
  });

  test("counts the time without a cable from when it was pulled out", () => {
    const { leader, see } = bench();
    leader.complete();
    see(LEASED, USB);
    jest.advanceTimersByTime(60_000);
    const dead = { ...LEASED, link: { ...ETH0, carrier: false } };
    see(dead, USB);
    jest.advanceTimersByTime(9_999);
    expect(leader.index).toBe(2);
    jest.advanceTimersByTime(1);
    expect([leader.index, leader.reason]).toEqual([5, "eth0 has no carrier"]);
  });

  test("has no timer left after the signal", () => {
    const { see, abort } = bench();
    see(USB);
    abort.abort();
    expect(jest.getTimerCount()).toBe(0);
  });
});
