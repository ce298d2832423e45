import { expect, test } from "bun:test";
import { SETTINGS, stateFromView, statusBits, withGuests } from "../../../../cluster/daemon/own-state.ts";
import { noDrops } from "../../../../cluster/security/datagram-seal.ts";
import { NODE, SELF } from "../nodes.ts";

test.each([
  ["nothing", undefined, [], 10_000, false],
  ["a speed that was set or measured", { status: 3 | 4 | 16, speed: 2_500 }, ["stay", "block"], 2_500, true],
  ["a daemon that died before it had measured", { status: 3, speed: 10_000 }, [], 10_000, false],
] as const)("of %s a daemon that starts again makes its state", (_, own, settings, speed, isSpeedKnown) => {
  const view = { isOpen: true, discovery: "map", problems: [], drops: noDrops() } as const;
  const state = stateFromView(own && { ...view, nodes: [NODE, { ...SELF, ...own }] });
  expect(state).toEqual({ settings: new Set(settings), speed, isSpeedKnown });
  const doubted = stateFromView(own && { ...view, nodes: [NODE, { ...SELF, ...own }], isSpeedKnown: false });
  expect(doubted.isSpeedKnown).toBe(false);
  expect(statusBits(state, true)).toBe(own?.status ?? 3);
});

test("clump.guests decides at the start whether the node takes guests, and leaves the other settings", () => {
  const all = { settings: new Set(SETTINGS), speed: 10_000, isSpeedKnown: false };
  const none = { ...all, settings: new Set<never>() };
  expect([...withGuests(all, "yes").settings]).toEqual(SETTINGS.filter((name) => name !== "block"));
  expect([...withGuests(none, "no").settings]).toEqual(["block"]);
  expect(withGuests(all, undefined)).toBe(all);
});

test.each([
  ["peers", []],
  ["controller", ["block"]],
  ["drone", ["lstay"]],
] as const)(
  "a node of topology %s begins with %j, and a later daemon keeps what a person has set",
  (topology, settings) => {
    expect([...stateFromView(undefined, topology).settings]).toEqual([...settings]);
    const view = { isOpen: true, discovery: "map", problems: [], drops: noDrops() } as const;
    const later = stateFromView({ ...view, nodes: [{ ...SELF, status: 3 | 32 }] }, topology);
    expect([...later.settings]).toEqual(["quiet"]);
  },
);
