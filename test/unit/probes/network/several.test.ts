import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { ETH0 } from "../../../fixtures/lease.ts";
import { settle } from "../../../lib/fake-kernel.ts";
import { cleanUp, ETH1, lease, pass, prepare, primary, routes, start } from "./bench.ts";

beforeEach(prepare);
afterEach(cleanUp);

describe("of several interfaces", () => {
  test("the better place is the primary NIC though its lease came later, and its routes win", async () => {
    const bench = start([ETH1, ETH0]);
    await lease(bench, 3, "10.9.0.51");
    expect(primary(bench.probe)).toBeUndefined();
    await lease(bench, 2, "10.9.0.50");
    expect(primary(bench.probe)).toBe("eth0");
    expect(bench.probe.choice()).toBe("before eth1 on its bus");
    expect(bench.log).toContain("info: eth0 is the primary NIC: before eth1 on its bus");
    expect(routes(bench)).toEqual([
      "add route 0.0.0.0/0 on 3 metric 203",
      "add route 0.0.0.0/0 on 2 metric 202",
      "add route 0.0.0.0/0 on 2 metric 100",
    ]);
  });

  test("one that gets none is waited for a moment only, and comes second for good", async () => {
    const bench = start([ETH0, ETH1]);
    await lease(bench, 3, "10.9.0.51");
    await pass(299);
    expect(primary(bench.probe)).toBeUndefined();
    await pass(1);
    expect(primary(bench.probe)).toBe("eth1");
    await lease(bench, 2, "10.9.0.50");
    expect(primary(bench.probe)).toBe("eth1");
    expect(routes(bench).at(-1)).toBe("add route 0.0.0.0/0 on 2 metric 202");
  });

  test("the one that was asked for takes over when its lease comes", async () => {
    const bench = start([ETH0, ETH1], { preferredNics: [{ option: "clump.nic=enp0s4", name: "enp0s4" }] });
    await lease(bench, 2, "10.9.0.50");
    await pass(2_500);
    expect(primary(bench.probe)).toBe("eth0");
    await lease(bench, 3, "10.9.0.51");
    expect([primary(bench.probe), bench.probe.choice()]).toEqual(["eth1", "requested by clump.nic=enp0s4"]);
    expect(routes(bench).slice(-2)).toEqual([
      "add route 0.0.0.0/0 on 2 metric 202",
      "add route 0.0.0.0/0 on 3 metric 100",
    ]);
  });

  test("one that was asked for and is not there is named once every driver is in", async () => {
    const settled = Promise.withResolvers<void>();
    const preferredNics = [{ option: "clump.nic=eth7", name: "eth7" }];
    const bench = start([ETH0, ETH1], { preferredNics, driversSettled: settled.promise });
    expect(bench.probe.problems()).toEqual([]);
    settled.resolve();
    await settle();
    const problem =
      "Cannot use clump.nic=eth7: no network interface has that name, and there are eth0 or enp0s3, eth1 or enp0s4";
    expect(bench.probe.problems()).toEqual([problem]);
    expect(bench.log).toContain(`warn: ${problem}`);
  });

  test("another takes over when that lease is lost, and stays ahead when it comes back", async () => {
    const bench = start([ETH0, ETH1]);
    await lease(bench, 2, "10.9.0.50", 20);
    await lease(bench, 3, "10.9.0.51");
    for (let second = 0; second < 21; second++) await pass(1_000);
    expect(primary(bench.probe)).toBe("eth1");
    expect(bench.probe.nics()[0]).not.toContainKeys(["lease"]);
    expect(bench.kernel.calls).toContain("remove route 0.0.0.0/0 on 2 metric 100");
    expect(bench.kernel.calls).toContain("remove 10.9.0.50/24 from 2");

    for (let second = 0; second < 15; second++) await pass(1_000);
    await lease(bench, 2, "10.9.0.50");
    expect(bench.probe.nics().map(({ state }) => state)).toEqual(["BOUND", "BOUND"]);
    expect(primary(bench.probe)).toBe("eth1");
    expect(routes(bench).at(-1)).toBe("add route 0.0.0.0/0 on 2 metric 202");
  });

  test("nobody leads once the only lease is lost", async () => {
    const bench = start([ETH0]);
    await lease(bench, 2, "10.9.0.50", 20);
    for (let second = 0; second < 21; second++) await pass(1_000);
    expect(bench.probe.primaryNic()).toBeUndefined();
  });

  test("one that cannot come up is named, and holds no other", async () => {
    const bench = start(
      [{ ...ETH0, carrier: false }, ETH1],
      {},
      { call: "set link 2", message: "Cannot change interface 2: ENOENT" },
    );
    const line = "Cannot bring up eth0: Cannot change interface 2: ENOENT, trying again";
    expect(bench.log).toContain(`warn: ${line}`);
    expect(bench.probe.nics()[0]?.text).toBe(line);
    await lease(bench, 3, "10.9.0.51");
    expect(primary(bench.probe)).toBe("eth1");
  });
});
