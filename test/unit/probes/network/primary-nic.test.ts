import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import type { Nic } from "../../../../probes/network/nic.ts";
import { PrimaryNic } from "../../../../probes/network/primary-nic.ts";
import { ETH0, LEASE, NIC } from "../../../fixtures/lease.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const LEASED: Nic = { ...NIC, lease: LEASE };
const USB: Nic = { ...LEASED, link: { ...ETH0, index: 5, name: "usb0" }, bus: "on USB", names: ["usb0"] };

function bench(...preferred: string[]) {
  let nics: readonly Nic[] = [];
  const abort = new AbortController();
  const primary = new PrimaryNic({
    preferredNics: preferred.map((name) => ({ option: `clump.nic=${name}`, name })),
    signal: abort.signal,
    again: () => void primary.update(nics),
  });
  const see = (...now: Nic[]): boolean => {
    nics = now;
    return primary.update(nics);
  };
  return { primary, see, abort };
}

describe("a PrimaryNic", () => {
  test("says when another interface leads than before", () => {
    const { primary, see } = bench();
    expect(see(NIC)).toBe(false);
    expect(see(LEASED)).toBe(true);
    expect([primary.index, primary.reason]).toEqual([2, "the only one with a lease"]);
    expect(see(LEASED)).toBe(false);
    expect(see()).toBe(true);
    expect(primary.index).toBeUndefined();
  });

  test("has USB wait while drivers load, and no longer than a moment", () => {
    const { primary, see } = bench();
    see(USB);
    jest.advanceTimersByTime(2_499);
    expect(primary.index).toBeUndefined();
    jest.advanceTimersByTime(1);
    expect(primary.index).toBe(5);
  });

  test("takes USB at once where every driver is in", () => {
    const { primary, see } = bench();
    primary.complete();
    see(USB);
    expect(primary.index).toBe(5);
  });

  test("waits for what was asked for as long as its driver may come, then names it", () => {
    const { primary, see } = bench("eth7");
    see(LEASED);
    expect([primary.index, primary.missing]).toEqual([undefined, []]);
    primary.complete();
    see(LEASED);
    expect([primary.index, primary.missing]).toEqual([2, [{ option: "clump.nic=eth7", name: "eth7" }]]);
  });

  test.each(["REQUESTING", "PROBING"] as const)("waits for a NIC in a better place that is %s", (state) => {
    const { primary, see } = bench();
    primary.complete();
    const later: Nic = { ...LEASED, link: { ...ETH0, index: 3, name: "eth1" }, place: ["0000:00:04.0"] };
    see({ ...NIC, state }, later);
    jest.advanceTimersByTime(999);
    expect(primary.index).toBeUndefined();
    jest.advanceTimersByTime(1);
    expect(primary.index).toBe(3);
  });

  test("counts the time without a cable from when it was pulled out", () => {
    const { primary, see } = bench();
    primary.complete();
    see(LEASED, USB);
    jest.advanceTimersByTime(60_000);
    const dead = { ...LEASED, link: { ...ETH0, carrier: false } };
    see(dead, USB);
    jest.advanceTimersByTime(9_999);
    expect(primary.index).toBe(2);
    jest.advanceTimersByTime(1);
    expect([primary.index, primary.reason]).toEqual([5, "eth0 has no carrier"]);
  });

  test("has no timer left after the signal", () => {
    const { see, abort } = bench();
    see(USB);
    abort.abort();
    expect(jest.getTimerCount()).toBe(0);
  });
});
