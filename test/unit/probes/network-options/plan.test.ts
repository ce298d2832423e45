import { expect, test } from "bun:test";
import type { Change } from "../../../../probes/network-options/change.ts";
import type { KnownLink } from "../../../../probes/network-options/known-link.ts";
import { readNetworkOptions } from "../../../../probes/network-options/options.ts";
import { NO_MEMORY, planNetwork, type Situation } from "../../../../probes/network-options/plan.ts";
import { splitParameters } from "../../../../system/kernel-parameters.ts";
import { ETH0 } from "../../../fixtures/lease.ts";

const known = (name: string, index: number, more: Partial<KnownLink> = {}): KnownLink => ({
  link: { ...ETH0, name, index },
  ...{ isAdapter: true, mac: "52:54:00:12:34:56", bus: "built in", place: [name], names: [name] },
  ...more,
});

const BOND = known("bond0", 9, { isAdapter: false });
const MADE = { outcomes: new Map([["make bond0", undefined]]) };
const JOINED = { outcomes: new Map([...MADE.outcomes, ["join 2 bond0", undefined]]) };

/** What the words have done with eth0, and these links beside. */
function plan(words: string, links: readonly KnownLink[] = [], more: Partial<Situation> = {}) {
  const all = [known("eth0", 2), ...links];
  return planNetwork(readNetworkOptions(splitParameters(words)), {
    ...{ links: all, all: all.map(({ link }) => link), preferred: [], outcomes: new Map(), now: 0 },
    ...{ memory: NO_MEMORY, isPrepared: true, isSettled: false },
    ...more,
  });
}

const BONDED = "bond=bond0:eth0:mode=1";

test.each<[string, string, ReturnType<typeof plan>, Partial<Change>[]]>([
  ["", "nothing", plan(""), []],
  [
    "ifname=lan:52:54:00:12:34:56",
    "a name",
    plan("ifname=lan:52:54:00:12:34:56"),
    [{ do: "rename", from: "eth0", to: "lan" }],
  ],
  [
    "vlan=vlan5:eth0 ip=eth0:dhcp:1400",
    "VLANs and MTU at once",
    plan("vlan=vlan5:eth0 ip=eth0:dhcp:1400"),
    [{ do: "vlan" }, { do: "mtu", mtu: 1_400 }],
  ],
  [BONDED, "the bond first", plan(BONDED), [{ do: "make" }]],
  [BONDED, "nothing before its driver is in", plan(BONDED, [], { isPrepared: false }), []],
  [BONDED, "nothing while the kernel has not shown the bond", plan(BONDED, [], MADE), []],
  [BONDED, "then its members", plan(BONDED, [BOND], MADE), [{ do: "join", name: "eth0" }]],
  [BONDED, "nothing once they are in, with their address", plan(BONDED, [BOND], JOINED), []],
  [
    "bond=bond0:eth1:mode=1",
    "no member that is not wanted",
    plan("bond=bond0:eth1:mode=1", [BOND], MADE),
    [],
  ],
])("planNetwork() of %p changes %s: %#", (_, __, { changes }, wanted) => {
  expect(changes).toMatchObject(wanted);
  expect(changes).toHaveLength(wanted.length);
});

test("a link that is being configured is not taken apart by a later plan", () => {
  const words = "ip=eth0:dhcp:1400";
  const { memory } = plan(words, [], { outcomes: new Map([["mtu 2", undefined]]) });
  expect(plan(words, [], { memory }).changes).toEqual([]);
});

test("the plan says when to plan again: members and carriers are waited for", () => {
  expect(plan("bond=bond0:eth0,eth1:mode=1", [BOND], JOINED).again).toBe(1_500);
  expect(plan("ip=10.0.0.5:::24").again).toBe(1_000);
  expect(plan("").again).toBeUndefined();
});
