import { describe, expect, test } from "bun:test";
import { CARRIERS_MILLISECONDS, chooseDevice } from "../../../../probes/network-options/choose-device.ts";
import type { KnownLink } from "../../../../probes/network-options/known-link.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { ETH1, layOut as layOutAt, pass, prepareMachines } from "./lay-out.ts";

const root = prepareMachines();

const layOut = (words: string, options?: Parameters<typeof layOutAt>[2]) =>
  layOutAt(root().path, words, options);

const known = (index: number, { carrier = true, place = `${index}` } = {}): KnownLink => ({
  link: { ...ETH0, index, name: `eth${index}`, carrier },
  ...{ isAdapter: true, mac: "52:54:00:12:34:56", bus: "built in", place: [place], names: [`eth${index}`] },
});

describe("chooseDevice()", () => {
  test.each([
    ["nothing without a carrier", [known(0, { carrier: false })], {}, [], {}],
    ["the time of the choice at the first carrier", [known(0)], {}, [], { due: 1_100 }],
    ["the same time until then", [known(0), known(1)], { due: 101 }, [], { due: 101 }],
    ["the first in its place then", [known(1), known(0)], { due: 100 }, [], { index: 0 }],
    ["one with a carrier", [known(1), known(0, { carrier: false })], { due: 100 }, [], { index: 1 }],
    ["nothing where no carrier is left", [known(0, { carrier: false })], { due: 100 }, [], {}],
    ["a preferred device at once", [known(0), known(1, { carrier: false })], {}, ["eth1"], { index: 1 }],
    ["the most preferred", [known(0), known(1)], {}, ["eth7", "eth1", "eth0"], { index: 1 }],
    ["the device that it chose before", [known(0), known(1)], { index: 1 }, ["eth0"], { index: 1 }],
    ["another where that is gone", [known(0)], { index: 1 }, [], { due: 1_100 }],
  ])("gives %s", (_, links, before, preferred, wanted) => {
    expect(chooseDevice(links, before, { preferred, now: 100 })).toEqual(wanted);
  });
});

describe("a fixed address without an interface", () => {
  const WORDS = "ip=10.0.0.5:::24";

  test.each([
    ["is given to the first on its bus of those with a carrier", [ETH1, ETH0], ["static", "left"]],
    ["is not given to one without a carrier", [ETH1, { ...ETH0, carrier: false }], ["left", "static"]],
  ])("%s, while the others are brought up and left alone", async (_, links, wanted) => {
    const bench = await layOut(WORDS, { links });
    expect(bench.planOf("eth0")).toMatchObject({ kind: "idle", up: true });
    const looks = bench.looks();
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.looks()).toBe(looks + 1);
    expect(bench.texts("eth0", "eth1").map((text) => text?.split(" ")[0])).toEqual(wanted);
  });

  test("is a preferred device's at once", async () => {
    const bench = await layOut(WORDS, { preferred: ["eth1"] });
    expect(bench.planOf("eth1")?.kind).toBe("static");
  });

  test("is given to another when its interface is gone", async () => {
    const bench = await layOut(WORDS);
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.planOf("eth0")?.kind).toBe("static");
    bench.become(ETH1);
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.planOf("eth1")?.kind).toBe("static");
  });

  test("is a bond's where all are its members", async () => {
    const bench = await layOut(`${WORDS} bond=bond0:eth0,eth1:mode=1`);
    await pass(CARRIERS_MILLISECONDS);
    expect(bench.texts("bond0", "eth0")).toEqual(["static", "part of bond0"]);
  });
});
