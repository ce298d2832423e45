import { describe, expect, test } from "bun:test";
import { CARRIERS_MILLISECONDS } from "../../../../probes/network-options/choose-device.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { BOND0, ETH1, layOut as layOutAt, pass, prepareMachines } from "./lay-out.ts";

const root = prepareMachines();

const layOut = (words: string, options?: Parameters<typeof layOutAt>[2]) =>
  layOutAt(root().path, words, options);

describe("a fixed address without an interface", () => {
  const WORDS = "ip=10.0.0.5:::24";

  test.each([
    ["is given to the first on its bus of those with a carrier", [ETH1, ETH0], "eth0"],
    ["is not given to one without a carrier", [ETH1, { ...ETH0, carrier: false }], "eth1"],
  ])("%s", async (_, links, home) => {
    const bench = await layOut(WORDS, { links });
    expect(bench.kinds()).toEqual(["idle", "idle"]);
    expect(bench.plan.forLink(ETH1)).toMatchObject({ kind: "idle", up: true });
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.asks()).toBe(1);
    const chosen = links.filter((link) => bench.plan.forLink(link).kind === "static");
    expect(chosen.map(({ name }) => name)).toEqual([home]);
  });

  test("is given at once to the one that is to lead to the cluster", async () => {
    const bench = await layOut(WORDS, { preferred: ["eth1"] });
    expect(bench.kinds()).toEqual(["idle", "static"]);
  });

  test("is given to another when its interface is gone", async () => {
    const bench = await layOut(WORDS);
    bench.kinds();
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.kinds()).toEqual(["static", "idle"]);
    bench.kernel.network.current = [ETH1];
    bench.plan.forLink(ETH1);
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.plan.forLink(ETH1).kind).toBe("static");
  });

  test("is a bond's where all are its members", async () => {
    const bench = await layOut(`${WORDS} bond=bond0:eth0,eth1:mode=1`, { links: [ETH0, ETH1, BOND0] });
    bench.kinds();
    await pass(0);
    bench.text({ ...BOND0, address: ETH0.address });
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.text({ ...BOND0, address: ETH0.address })).toBe("static");
  });
});
