import { describe, expect, test } from "bun:test";
import { ETH0 } from "../../../fixtures/lease.ts";
import { BOND0, ETH1, layOut as layOutAt, prepareMachines } from "./lay-out.ts";

const root = prepareMachines();

const layOut = (words: string, options?: Parameters<typeof layOutAt>[2]) =>
  layOutAt(root().path, words, options);

describe("once every driver is in, an interface that is not there", () => {
  const HERE = "no network interface has that name, and there is eth0 or enp0s3, eth1 or enp0s4";

  test("leaves the others to DHCP, and is named", async () => {
    const bench = await layOut("ip=10.0.0.5:::24::ens9:none ip=ens8:dhcp");
    expect([bench.kinds(), bench.plan.problems?.()]).toEqual([["idle", "idle"], []]);
    await bench.settle();
    expect([bench.asks(), bench.kinds()]).toEqual([1, ["dhcp", "dhcp"]]);
    const problems = ["ens9", "ens8"].map((name) => `Cannot use ip= for ${name}: ${HERE}`);
    expect(bench.plan.problems?.()).toEqual(problems);
    expect(bench.log).toEqual(problems.map((problem) => `warn: ${problem}`));
  });

  test("gets what was asked for when it comes after all", async () => {
    const bench = await layOut("ip=10.0.0.5:::24::eth1:none", { links: [ETH0] });
    bench.kinds();
    await bench.settle();
    expect(bench.kinds()).toEqual(["dhcp"]);
    expect(bench.plan.forLink(ETH1).kind).toBe("static");
    expect(bench.plan.problems?.()).toEqual([]);
  });

  test("takes nothing from one that is", async () => {
    const bench = await layOut("ip=10.0.0.5:::24::eth0:none ip=ens9:dhcp");
    bench.kinds();
    await bench.settle();
    expect(bench.kinds()).toEqual(["static", "idle"]);
    expect(bench.plan.forLink(ETH1)).toMatchObject({ idle: "for good" });
  });

  test.each([
    ["vlan=vlan5:ens9 ip=vlan5:dhcp", ["vlan=vlan5:ens9", "ip= for vlan5"]],
    ["bond=bond0:ens8,ens9:mode=1 ip=bond0:dhcp", ["ens8 in bond0", "ens9 in bond0", "ip= for bond0"]],
    ["rd.route=10.2.0.0/16::ens9", ["rd.route=10.2.0.0/16 on ens9"]],
    ["ifname=lan:52:54:00:aa:bb:cc ip=lan:dhcp", ["ifname=lan:52:54:00:aa:bb:cc", "ip= for lan"]],
  ])("is missed by %s", async (words, missing) => {
    const bench = await layOut(words);
    bench.kinds();
    await bench.settle();
    expect(bench.kinds()).toEqual(["dhcp", "dhcp"]);
    const problems = bench.plan
      .problems?.()
      .map((problem) => /^Cannot use (.*): no network/.exec(problem)?.[1]);
    expect(problems?.toSorted()).toEqual(missing.toSorted());
  });

  test("is not a bond that has a member, nor a member that is there", async () => {
    const bench = await layOut("bond=bond0:eth0:mode=1 ip=bond0:dhcp", { links: [ETH0, ETH1, BOND0] });
    bench.kinds();
    await bench.settle();
    expect([bench.text(ETH1), bench.plan.problems?.()]).toEqual(["left alone, as ip= asks", []]);
  });

  test("may be two VLANs on each other", async () => {
    const bench = await layOut("vlan=vlan5:vlan6 vlan=vlan6:vlan5 ifname=vlan5:52:54:00:12:34:56");
    root().write({ "/sys/class/net/vlan5/device": "-> ../../../devices/pci0000:00/0000:00:03.0" });
    bench.kernel.network.current = [{ ...ETH0, name: "vlan5" }];
    expect(bench.plan.forLink({ ...ETH0, name: "vlan5" }).kind).toBe("dhcp");
  });

  test("is not a VLAN that a bond will carry once it is ready", async () => {
    const words = "bond=bond0:all:mode=1 vlan=vlan5:bond0 vlan=vlan5.6:vlan5 ip=vlan5:dhcp ip=vlan5.6:dhcp";
    const bench = await layOut(words, { links: [ETH0, BOND0] });
    bench.kinds();
    await bench.settle();
    expect(bench.plan.problems?.()).toEqual([]);
  });
});
