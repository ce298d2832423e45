import { describe, expect, test } from "bun:test";
import {
  type Candidate,
  choose,
  compare,
  DEAD_MILLISECONDS,
  GRACE_MILLISECONDS,
} from "../../../../probes/network/choice.ts";

/** An adapter on PCI that has no lease yet. */
function nic(name: string, more: Partial<Candidate> = {}): Candidate {
  const index = Number(/\d+$/.exec(name)?.[0]) + 2;
  const place = [`0000:00:0${index}.0`, "52:54:00:12:34:56"];
  return { index, name, bus: "built in", place, carrier: true, isOffered: false, ...more };
}

const leased = (name: string, more: Partial<Candidate> = {}) => nic(name, { leasedFor: 0, ...more });
const preferred = (option: string, rank = 0) => ({ preference: { option, rank } });
const ALL_IN = { isComplete: true, isMissingPreferred: false };

/** Every order of these. */
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

describe("choose()", () => {
  test.each<[string, Candidate[], string | undefined, string | undefined]>([
    ["nothing while nobody has a lease", [nic("eth0"), nic("eth1")], undefined, undefined],
    [
      "the only lease",
      [leased("eth3"), nic("eth0", { carrier: false })],
      "eth3",
      "the only one with a lease",
    ],
    ["the first place on the bus", [leased("eth1"), leased("eth2")], "eth1", "before eth2 on its bus"],
    [
      "what is built in before USB, and USB before the BMC",
      [leased("eth5"), leased("usb0", { bus: "on USB" }), leased("usb1", { bus: "of the BMC" })],
      "eth5",
      "built in, usb0 is on USB",
    ],
    [
      "what was asked for before all",
      [leased("eth0"), leased("usb0", { bus: "on USB", ...preferred("clump.nic=usb0") })],
      "usb0",
      "requested by clump.nic=usb0",
    ],
    [
      "of two that were asked for the one that weighs more",
      [leased("eth0", preferred("BOOTIF=01-52", 1)), leased("eth1", preferred("clump.nic=eth1", 0))],
      "eth1",
      "requested by clump.nic=eth1",
    ],
    [
      "one with a carrier before one that has kept its lease without",
      [leased("eth0", { carrier: false, deadFor: 1 }), leased("eth1")],
      "eth1",
      "eth0 has no carrier",
    ],
  ])("takes %s, in whatever order they were found", (_, candidates, name, reason) => {
    for (const order of permutations(candidates)) {
      const choice = choose(order, ALL_IN);
      expect([choice.chosen?.name, choice.reason]).toEqual([name, reason]);
    }
  });

  const usb = { bus: "on USB" } as const;
  test.each<[string, Candidate[], Partial<typeof ALL_IN>, number | undefined]>([
    ["a lease alone does not wait", [leased("eth0")], {}, undefined],
    [
      "nor for a better one without carrier of its kind",
      [nic("eth0", { carrier: false }), leased("eth1")],
      {},
      undefined,
    ],
    ["nor for a worse one", [leased("eth0"), nic("eth1"), nic("usb0", usb)], {}, undefined],
    ["nor for drivers, when it is built in", [leased("eth0")], { isComplete: false }, undefined],
    ["a tie waits a little for the better place", [nic("eth0"), leased("eth1")], {}, 300],
    ["more where an offer has come", [nic("eth0", { isOffered: true }), leased("eth1")], {}, 1_000],
    ["USB waits for what is built in", [nic("eth0"), leased("usb0", usb)], {}, GRACE_MILLISECONDS],
    [
      "also without a carrier yet",
      [nic("eth0", { carrier: false }), leased("usb0", usb)],
      {},
      GRACE_MILLISECONDS,
    ],
    ["USB waits for drivers", [leased("usb0", usb)], { isComplete: false }, GRACE_MILLISECONDS],
    [
      "any waits for what was asked for",
      [leased("eth0"), nic("eth1", preferred("clump.nic=eth1"))],
      {},
      GRACE_MILLISECONDS,
    ],
    [
      "also where its driver may come",
      [leased("eth0")],
      { isComplete: false, isMissingPreferred: true },
      GRACE_MILLISECONDS,
    ],
    ["but not for what is not there", [leased("eth0")], { isMissingPreferred: true }, undefined],
  ])("%s", (_, candidates, circumstances, wait) => {
    for (const order of permutations(candidates)) {
      const choice = choose(order, { ...ALL_IN, ...circumstances });
      expect(choice.again).toBe(wait);
      expect(choice.chosen === undefined).toBe(wait !== undefined);
    }
  });

  test("takes what there is when the wait is over", () => {
    const late = { bus: "on USB", leasedFor: GRACE_MILLISECONDS } as const;
    expect(choose([nic("eth0"), nic("usb0", late)], ALL_IN).chosen?.name).toBe("usb0");
    expect(choose([nic("eth0"), nic("usb0", { ...late, leasedFor: 2_000 })], ALL_IN).again).toBe(500);
  });
});

describe("the chosen one", () => {
  const current = { ...ALL_IN, current: 3 };

  test("stays when a better one gets its lease: its number would change", () => {
    const choice = choose([leased("eth0"), leased("eth1", { bus: "on USB" })], current);
    expect(choice).toMatchObject({
      chosen: { name: "eth1" },
      reason: "before eth0 had a lease: a node keeps its number",
    });
    const worse = choose([leased("eth1"), leased("usb0", { bus: "on USB" })], current);
    expect(worse).toMatchObject({ chosen: { name: "eth1" } });
    expect(worse.reason).toBeUndefined();
  });

  test("goes for one that was asked for", () => {
    const choice = choose([leased("eth1"), leased("eth4", preferred("clump.nic=eth4"))], current);
    expect(choice).toMatchObject({ chosen: { name: "eth4" }, reason: "requested by clump.nic=eth4" });
    const already = choose(
      [leased("eth1", preferred("clump.nic=eth1")), leased("eth0", preferred("BOOTIF=", 1))],
      current,
    );
    expect(already.chosen?.name).toBe("eth1");
  });

  test("does not go for one that was asked for and has its cable out, but when that is in again", () => {
    const preference = preferred("clump.nic=eth4");
    const dead = leased("eth4", { ...preference, carrier: false, deadFor: 60_000 });
    expect(choose([leased("eth1"), dead], current).chosen?.name).toBe("eth1");
    expect(choose([leased("eth1"), leased("eth4", preference)], current).chosen?.name).toBe("eth4");
    expect(choose([leased("eth1"), dead], { ...current, current: 6 })).toMatchObject({
      chosen: { name: "eth1" },
      reason: "eth4 has no carrier",
    });
  });

  test("goes when it loses its lease, at once", () => {
    const others = [nic("eth1"), leased("eth2", { leasedFor: 60_000 })];
    expect(choose(others, current)).toMatchObject({
      chosen: { name: "eth2" },
      reason: "the only one with a lease",
    });
    expect(choose([nic("eth1")], current)).toEqual({});
  });

  test("goes when its cable is out for a while and another one is plugged in", () => {
    const dead = (deadFor: number) => leased("eth1", { carrier: false, deadFor });
    expect(choose([dead(4_000), leased("eth2")], current)).toMatchObject({
      chosen: { name: "eth1" },
      again: DEAD_MILLISECONDS - 4_000,
    });
    expect(choose([dead(DEAD_MILLISECONDS), leased("eth2")], current)).toMatchObject({
      chosen: { name: "eth2" },
      reason: "eth1 has no carrier",
    });
    const bothDead = choose([dead(60_000), leased("eth2", { carrier: false, deadFor: 1 })], current);
    expect(bothDead.chosen?.name).toBe("eth1");
  });
});

test.each([
  [["0000:00:0a.0"], ["0000:01:00.0"]],
  [["0000:00:1f.6"], ["0000:02:00.0"]],
  [["1-2"], ["1-10"]],
  [["1-2"], ["1-2.1"]],
  [
    ["0000:03:00.0", "52:54:00:12:34:56"],
    ["0000:03:00.0", "52:54:00:12:34:57"],
  ],
])("compare() puts %p before %p", (first, second) => {
  const [a, b] = [nic("eth9", { place: first }), nic("eth0", { place: second })];
  expect(compare(a, b)).toBeLessThan(0);
  expect(compare(b, a)).toBeGreaterThan(0);
});
