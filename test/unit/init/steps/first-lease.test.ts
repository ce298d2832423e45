import { describe, expect, test } from "bun:test";
import { waitForLease } from "../../../../init/steps/first-lease.ts";
import type { Drivers } from "../../../../probes/drivers.ts";
import type { Nic } from "../../../../probes/network/nic.ts";
import type { NetworkProbe } from "../../../../probes/network.ts";
import { NIC as CARD, ETH0, networkOf } from "../../../fixtures/lease.ts";
import { settle } from "../../../lib/fake-kernel.ts";

function bench(nics: readonly Nic[] = []) {
  const [leased, settled] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const network: NetworkProbe = { ...networkOf(), nics: () => nics, leased: leased.promise };
  const drivers: Drivers = { settled: () => settled.promise, problems: () => [] };
  return { leased, settled, network, drivers };
}

const LEFT_ALONE: Nic = { ...CARD, text: "left alone" };

describe("waitForLease()", () => {
  test("is done at the first lease, drivers or not", async () => {
    const { leased, network, drivers } = bench([LEFT_ALONE]);
    leased.resolve();
    await waitForLease(network, drivers);
    await waitForLease(network, undefined);
  });

  test("gives up once all drivers are in and there is no adapter", async () => {
    const { settled, network, drivers } = bench();
    settled.resolve();
    await expect(waitForLease(network, drivers)).rejects.toThrow("there is no network adapter with a driver");
  });

  test("gives up once all drivers are in and every adapter is left alone, and says why", async () => {
    const off = { ...LEFT_ALONE, idle: "for good", text: "left alone, as ip= asks" } as const;
    const { settled, network, drivers } = bench([off, { ...off, link: { ...ETH0, name: "eth1" } }]);
    settled.resolve();
    await expect(waitForLease(network, drivers)).rejects.toThrow(
      "eth0 is left alone, as ip= asks, eth1 is left alone, as ip= asks",
    );
  });

  test.each([
    ["that is left alone for now", { ...LEFT_ALONE, idle: "for now" } as const],
    ["that has no lease yet", LEFT_ALONE],
  ])("goes on waiting for an adapter %s beside one left alone", async (_, nic) => {
    const { settled, network, drivers } = bench([{ ...LEFT_ALONE, idle: "for good" }, nic]);
    const outcome = waitForLease(network, drivers).then(
      () => "leased",
      () => "given up",
    );
    settled.resolve();
    await settle();
    expect(await Promise.race([outcome, "waiting"])).toBe("waiting");
  });

  test("gives up where the last adapter is left alone for good once the drivers are in", async () => {
    const nics: Nic[] = [{ ...LEFT_ALONE, idle: "for now" }];
    const { settled, network, drivers } = bench(nics);
    const outcome = waitForLease(network, drivers);
    settled.promise
      .then(() => Promise.resolve())
      .then(() => nics.splice(0, 1, { ...LEFT_ALONE, idle: "for good" }));
    settled.resolve();
    const waiting = settle().then(() => "waiting");
    await expect(Promise.race([outcome, waiting])).rejects.toThrow("eth0 is left alone");
  });

  test("fails at once without a network", async () => {
    await expect(waitForLease(undefined, bench().drivers)).rejects.toThrow("the network is not up");
  });

  test("fails with the drivers, instead of leaving their failure to nobody", async () => {
    const { settled, network, drivers } = bench();
    settled.reject(new Error("the devices cannot be read"));
    await expect(waitForLease(network, drivers)).rejects.toThrow("the devices cannot be read");
  });
});
