import { describe, expect, test } from "bun:test";
import { ETH0 } from "../../../fixtures/lease.ts";
import { ETH1, layOut as layOutAt, prepareMachines } from "./lay-out.ts";

const root = prepareMachines();

const layOut = (words: string, options?: Parameters<typeof layOutAt>[2]) =>
  layOutAt(root().path, words, options);

describe("once every driver is in, an interface that is not there", () => {
  const HERE = "no network interface has that name, and there is eth0 or enp0s3, eth1 or enp0s4";

  test("leaves the others to DHCP, and is named", async () => {
    const bench = await layOut("ip=10.0.0.5:::24::ens9:none ip=ens8:dhcp");
    const alone = "left alone, as ip= asks";
    expect([bench.texts("eth0", "eth1"), bench.plan.problems?.()]).toEqual([[alone, alone], []]);
    await bench.settle();
    expect(bench.texts("eth0", "eth1")).toEqual(["dhcp", "dhcp"]);
    const problems = ["ens9", "ens8"].map((name) => `Cannot use ip= for ${name}: ${HERE}`);
    expect(bench.plan.problems?.()).toEqual(problems);
    expect(bench.log).toEqual(problems.map((problem) => `warn: ${problem}`));
  });

  test("gets what was asked for when it comes after all", async () => {
    const bench = await layOut("ip=10.0.0.5:::24::eth1:none", { links: [ETH0] });
    await bench.settle();
    expect(bench.texts("eth0")).toEqual(["dhcp"]);
    bench.become(ETH0, ETH1);
    expect(bench.texts("eth1")).toEqual(["static"]);
    expect(bench.plan.problems?.()).toEqual([]);
  });

  test("takes nothing from one that is", async () => {
    const bench = await layOut("ip=10.0.0.5:::24::eth0:none ip=ens9:dhcp");
    await bench.settle();
    expect(bench.planOf("eth0")?.kind).toBe("static");
    expect(bench.planOf("eth1")).toMatchObject({ kind: "idle", idle: "for good" });
  });

  test.each([
    ["vlan=vlan5:ens9 ip=vlan5:dhcp", ["vlan=vlan5:ens9", "ip= for vlan5"]],
    ["bond=bond0:ens8,ens9:mode=1 ip=bond0:dhcp", ["ens8 in bond0", "ens9 in bond0", "ip= for bond0"]],
    ["rd.route=10.2.0.0/16::ens9", ["rd.route=10.2.0.0/16 on ens9"]],
    ["ifname=lan:52:54:00:aa:bb:cc ip=lan:dhcp", ["ifname=lan:52:54:00:aa:bb:cc", "ip= for lan"]],
  ])("is missed by %s", async (words, missing) => {
    const bench = await layOut(words);
    await bench.settle();
    const left = bench.kernel.network.current.filter(({ index }) => index < 9);
    expect(bench.texts(...left.map(({ name }) => name))).toEqual(["dhcp", "dhcp"]);
    const problems = bench.plan
      .problems?.()
      .map((problem) => /^Cannot use (.*): no network/.exec(problem)?.[1]);
    expect(problems?.toSorted()).toEqual(missing.toSorted());
  });

  test("is not a bond that has a member, nor a member that is there", async () => {
    const bench = await layOut("bond=bond0:eth0:mode=1 ip=bond0:dhcp", { links: [ETH0, ETH1] });
    await bench.settle();
    expect([bench.texts("eth1"), bench.plan.problems?.()]).toEqual([["left alone, as ip= asks"], []]);
  });

  test("may be two VLANs on each other", async () => {
    root().write({ "/sys/class/net/vlan5/device": "-> ../../../devices/pci0000:00/0000:00:03.0" });
    const words = "vlan=vlan5:vlan6 vlan=vlan6:vlan5 ifname=vlan5:52:54:00:12:34:56";
    const bench = await layOut(words, { links: [{ ...ETH0, name: "vlan5" }] });
    await bench.settle();
    expect(bench.plan.problems?.()).toEqual(["Cannot make vlan5 on vlan6: EEXIST"]);
    expect(bench.texts("vlan5")).toEqual(["dhcp"]);
  });

  test("is not a VLAN that a bond will carry once it is ready", async () => {
    const words = "bond=bond0:all:mode=1 vlan=vlan5:bond0 vlan=vlan5.6:vlan5 ip=vlan5:dhcp ip=vlan5.6:dhcp";
    const bench = await layOut(words, { links: [ETH0] });
    await bench.settle();
    expect(bench.plan.problems?.()).toEqual([]);
  });
});
