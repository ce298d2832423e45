import { describe, expect, test } from "bun:test";
import { Shaper } from "../../../../probes/network-options/link-setup.ts";
import { readNetworkOptions } from "../../../../probes/network-options/options.ts";
import type { Link } from "../../../../system/kernel/kernel.ts";
import { splitParameters } from "../../../../system/kernel-parameters.ts";
import { ETH0 } from "../../../fixtures/lease.ts";
import { FakeNetwork } from "../../../lib/fake-kernel.ts";
import { ETH1 } from "./lay-out.ts";

/** A kernel that renames, and a shaper that is shown every link until it wants no more; gives the names by MAC. */
function rename(words: string, links: readonly Link[], refused = "nothing") {
  const errors: string[] = [];
  const network = new FakeNetwork((call) => {
    if (call.includes(refused)) throw new Error("EPERM");
    const [, index, name] = /^set link (\d+) name (\S+)$/.exec(call) ?? [];
    if (name === undefined) return;
    if (network.current.some((link) => link.name === name)) throw new Error("EEXIST");
    network.current = network.current.map((link) =>
      link.index === Number(index) ? { ...link, name } : link,
    );
  });
  network.current = [...links];
  const complain = (what: string, error: unknown) => errors.push(`${what}: ${(error as Error).message}`);
  const shaper = new Shaper(readNetworkOptions(splitParameters(words)), { network, complain });
  let rounds = 0;
  while (network.current.some((link) => shaper.rename(link)) && rounds < 10) rounds += 1;
  const nameOf = (wanted: Link) => network.current.find(({ index }) => index === wanted.index)?.name;
  return { names: [nameOf(ETH0), nameOf(ETH1)], errors, isDone: rounds < 10, shaper };
}

const A = "52:54:00:12:34:56";
const B = "52:54:00:12:34:57";

describe("Shaper.rename()", () => {
  test.each([
    ["nothing where nothing is asked", "", "eth0", "eth1"],
    ["one", `ifname=lan:${A}`, "lan", "eth1"],
    ["both", `ifname=lan:${A} ifname=wan:${B}`, "lan", "wan"],
    ["one to a name that another has, which gets a free one", `ifname=eth0:${B}`, "eth2", "eth0"],
    ["two to each other's", `ifname=eth0:${B} ifname=eth1:${A}`, "eth1", "eth0"],
    ["no third party", "ifname=eth0:52:54:00:aa:bb:cc", "eth2", "eth1"],
  ])("gives %s its name", (_, words, eth0, eth1) => {
    for (const links of [
      [ETH0, ETH1],
      [ETH1, ETH0],
    ]) {
      const { names, errors, isDone } = rename(words, links);
      expect([names, errors, isDone]).toEqual([[eth0, eth1], [], true]);
    }
  });

  test("tries once what the kernel refuses", () => {
    const { names, errors } = rename(`ifname=lan:${A}`, [ETH0, ETH1], "name lan");
    expect([names, errors]).toEqual([["eth0", "eth1"], ["call eth0 lan: EPERM"]]);
  });

  test("waits for the kernel to say what it has done", () => {
    const { shaper } = rename(`ifname=lan:${A}`, [ETH0]);
    expect(shaper.rename(ETH0)).toBe(true);
  });
});
