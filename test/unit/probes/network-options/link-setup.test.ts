import { describe, expect, test } from "bun:test";
import { planDetails } from "../../../../probes/network-options/link-setup.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { ETH1, layOut, prepareMachines } from "./lay-out.ts";

const root = prepareMachines();

const A = "52:54:00:12:34:56";
const B = "52:54:00:12:34:57";

describe("names by MAC", () => {
  test.each([
    ["nothing where nothing is asked", "", "eth0", "eth1"],
    ["one", `ifname=lan:${A}`, "lan", "eth1"],
    ["both", `ifname=lan:${A} ifname=wan:${B}`, "lan", "wan"],
    ["one to a name that another has, which gets a free one", `ifname=eth0:${B}`, "eth2", "eth0"],
    ["two to each other's", `ifname=eth0:${B} ifname=eth1:${A}`, "eth1", "eth0"],
    ["no third party", "ifname=eth0:52:54:00:aa:bb:cc", "eth2", "eth1"],
  ])("give %s", async (_, words, eth0, eth1) => {
    const { kernel, plan, look } = await layOut(root().path, words);
    const namesOf = () => [2, 3].map((at) => kernel.network.current.find(({ index }) => index === at)?.name);
    expect([namesOf(), plan.problems?.()]).toEqual([[eth0, eth1], []]);
    const calls = kernel.calls.length;
    kernel.network.current = kernel.network.current.toReversed();
    look();
    expect(kernel.calls.slice(calls).filter((call) => call !== "links")).toEqual([]);
  });

  test("are the same where the other link came first", async () => {
    const { kernel } = await layOut(root().path, `ifname=eth0:${B} ifname=eth1:${A}`, {
      links: [ETH1, ETH0],
    });
    expect(kernel.network.current.map(({ name }) => name)).toEqual(["eth0", "eth1"]);
  });

  test("take one that no link of ours has from no link", async () => {
    const foreign = { ...ETH0, index: 8, name: "eth2", type: 1 };
    const { kernel } = await layOut(root().path, `ifname=eth0:${B}`, { links: [ETH0, ETH1, foreign] });
    expect(kernel.network.current.map(({ name }) => name)).toEqual(["eth3", "eth0", "eth2"]);
  });
});

describe("planDetails()", () => {
  test.each([
    ["nothing", {}, []],
    ["a MAC", { mac: B }, [{ do: "mac", index: 2, name: "eth0", mac: B }]],
    ["no MAC that the link has", { mac: A }, []],
    ["an MTU", { mtu: 1_400 }, [{ do: "mtu", index: 2, name: "eth0", mtu: 1_400 }]],
    ["no MTU that the link has", { mtu: ETH0.mtu }, []],
  ] as const)("plans %s", (_, decision, wanted) => {
    expect(planDetails(ETH0, decision)).toEqual([...wanted]);
  });
});
