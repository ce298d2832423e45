import { expect, test } from "bun:test";
import { changesBetween } from "../../../../probes/network/change.ts";
import type { Nic } from "../../../../probes/network/nic.ts";
import { ETH0, LEASE, NIC } from "../../../fixtures/lease.ts";

const BOUND: Nic = { ...NIC, lease: LEASE, leasedAt: 7, state: "BOUND" };

test.each<[string, Nic, Nic, string[]]>([
  ["no lease, then one", { ...NIC, state: "BOUND" }, BOUND, ["lease"]],
  ["a lease that was renewed as it was", BOUND, { ...BOUND, lease: { ...LEASE }, leasedAt: 60 }, []],
  ["a lease with another address", BOUND, { ...BOUND, lease: { ...LEASE, address: "10.9.0.9" } }, ["lease"]],
  ["a lease that ended", BOUND, { ...NIC, state: "SELECTING" }, ["lease", "nic"]],
  ["another state", BOUND, { ...BOUND, state: "RENEWING" }, ["nic"]],
  ["no carrier", BOUND, { ...BOUND, link: { ...ETH0, carrier: false } }, ["nic"]],
  ["another name", BOUND, { ...BOUND, link: { ...ETH0, name: "lan" } }, ["nic"]],
  ["that it is left alone", NIC, { ...NIC, idle: "for good" }, ["nic"]],
  ["a conflict", BOUND, { ...BOUND, conflict: "52:54:00:aa:bb:cc" }, ["problem"]],
  ["other words for the screen", BOUND, { ...BOUND, text: "for 23 s", hint: "look", since: 9 }, []],
])("changesBetween() tells of %s: %#", (_, before, after, kinds) => {
  const changes = changesBetween(before, after);
  expect(changes.map(({ kind }) => kind) as string[]).toEqual(kinds);
  for (const { nic } of changes) expect(nic).toBe(after);
});
