import { expect, test } from "bun:test";
import { PendingProbes } from "../../../../cluster/gossip/pending-probes.ts";

const ADDRESS = 5;
const all = () => true;
/** Nothing was heard of any node since. */
const nothing = () => 0;

/** Probes of one node in those ticks, which last a second each. */
function probe(...ticks: readonly number[]): PendingProbes {
  const probes = new PendingProbes();
  for (const tick of ticks) probes.put(ADDRESS, tick, 1_000 * tick);
  return probes;
}

test("a node has failed that left three probes unanswered; the first of them is the evidence", () => {
  const probes = probe(1);
  expect(probes.takeLate(1, all)).toEqual([]);
  for (const tick of [2, 3]) {
    expect([probes.failed(tick, nothing), probes.takeLate(tick, all)]).toEqual([[], [ADDRESS]]);
    probes.put(ADDRESS, tick, 1_000 * tick);
  }
  expect(probes.failed(3, nothing)).toEqual([]);
  expect(probes.failed(4, nothing)).toEqual([{ address: ADDRESS, sentAt: 1_000 }]);
});

test("a node that goes on being silent goes on failing, by its latest three probes", () => {
  expect(probe(1, 2, 3, 4, 5).failed(6, nothing)).toEqual([{ address: ADDRESS, sentAt: 3_000 }]);
});

test("news of a node refutes the probes before it, and none after it", () => {
  const probes = probe(1, 2, 3);
  expect(probes.failed(4, () => 1_001)).toEqual([]);
  probes.put(ADDRESS, 4, 4_000);
  expect(probes.failed(5, () => 1_001)).toEqual([{ address: ADDRESS, sentAt: 2_000 }]);
  expect(probes.failed(5, () => 2_001)).toEqual([]);
});

test("two probes in one tick count once", () => {
  expect(probe(1, 1, 2).failed(9, nothing)).toEqual([]);
});

test("an answer closes the probes of a node", () => {
  const probes = probe(1);
  expect(probes.isOpen(ADDRESS)).toBe(true);
  probes.close(ADDRESS);
  expect([probes.isOpen(ADDRESS), probes.takeLate(2, all)]).toEqual([false, []]);
  for (const tick of [3, 4]) probes.put(ADDRESS, tick, 1_000 * tick);
  expect(probes.failed(9, nothing)).toEqual([]);
});

test("the node that was probed longest ago is probed first", () => {
  const probes = new PendingProbes();
  for (const [address, tick] of [
    [1, 1],
    [2, 1],
    [1, 2],
  ] as const)
    probes.put(address, tick, 1_000 * tick);
  expect(probes.takeLate(3, all)).toEqual([2, 1]);
});

test("nodes that are not wanted any more are dropped", () => {
  const probes = new PendingProbes();
  for (let address = 1; address <= 9; address++) probes.put(address, 1, 1_000);
  expect(probes.takeLate(2, (address) => address === ADDRESS)).toEqual([ADDRESS]);
  probes.close(ADDRESS);
  expect(probes.takeLate(2, all)).toEqual([]);
});
