import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import type { NetworkPlan } from "../../../../probes/network/plan.ts";
import { STEADY_MILLISECONDS } from "../../../../probes/network/steady-carrier.ts";
import { ETH0, LEASE } from "../../../fixtures/lease.ts";
import { settle } from "../../../lib/fake-kernel.ts";
import { cleanUp, ETH1, lease, pass, prepare, primary, routes, start } from "./bench.ts";

beforeEach(prepare);
afterEach(cleanUp);

describe("link events", () => {
  test("begin with an interface that appears", async () => {
    const bench = start([]);
    bench.kernel.network.events.push({ kind: "changed", link: ETH0 });
    await settle();
    await lease(bench, 2, "10.9.0.50");
    expect(primary(bench.probe)).toBe("eth0");
  });

  test("carry the carrier to the client", async () => {
    const bench = start([{ ...ETH0, carrier: false }]);
    expect(bench.probe.nics()[0]?.text).toBe("no cable, no carrier");
    await pass(10_000);
    expect(bench.kernel.network.sockets.size).toBe(0);
    bench.kernel.network.events.push({ kind: "changed", link: ETH0 });
    await settle();
    await pass(1);
    expect(bench.probe.nics()[0]?.link.carrier).toBe(true);
    expect(bench.kernel.network.sockets.get(2)?.sent).toHaveLength(1);
  });

  test("forget an interface that is gone; the next one leads", async () => {
    const bench = start([ETH0, ETH1]);
    await lease(bench, 2, "10.9.0.50");
    await lease(bench, 3, "10.9.0.51");
    bench.kernel.network.events.push({ kind: "removed", link: ETH0 });
    await settle();
    expect(bench.probe.nics().map(({ link }) => link.name)).toEqual(["eth1"]);
    expect(primary(bench.probe)).toBe("eth1");
    expect(bench.log).toContain("info: eth0 is gone");
    expect(bench.kernel.network.sockets.get(2)?.isClosed).toBe(true);
  });

  test("that one is gone have those asked again that were left alone because of it", async () => {
    let home = "eth0";
    const plan: NetworkPlan = {
      forLink: ({ name }) =>
        name === home
          ? { kind: "static", lease: LEASE }
          : { kind: "idle", idle: "for now", text: "left alone" },
    };
    const bench = start([ETH0, ETH1], { plan });
    expect(primary(bench.probe)).toBe("eth0");
    home = "eth1";
    bench.kernel.network.events.push({ kind: "removed", link: ETH0 });
    await settle();
    expect(primary(bench.probe)).toBe("eth1");
  });

  test("give a fixed address its routes back, which the kernel drops with the link", async () => {
    const bench = start([ETH0], { plan: { forLink: () => ({ kind: "static", lease: LEASE }) } });
    const before = routes(bench).length;
    for (const carrier of [false, true]) {
      bench.kernel.network.events.push({ kind: "changed", link: { ...ETH0, carrier } });
      await pass(STEADY_MILLISECONDS);
    }
    expect(before).toBeGreaterThan(0);
    expect(routes(bench).slice(before)).toEqual([routes(bench)[before - 1] ?? ""]);
  });

  test("give a lease its routes back, though no server answers", async () => {
    const bench = start([ETH0]);
    await pass(1);
    await lease(bench, 2, "10.9.0.50");
    const before = routes(bench).length;
    for (const carrier of [false, true]) {
      bench.kernel.network.events.push({ kind: "changed", link: { ...ETH0, carrier } });
      await pass(STEADY_MILLISECONDS);
    }
    expect(bench.probe.primaryNic()?.state).toBe("REBINDING");
    expect(routes(bench).slice(before)).toEqual(["add route 0.0.0.0/0 on 2 metric 100"]);
  });

  test("of a link that flaps cost one exchange and one line, once it is steady", async () => {
    const bench = start([ETH0]);
    await pass(1);
    await lease(bench, 2, "10.9.0.50");
    await pass(STEADY_MILLISECONDS);
    const [lines, changes] = [bench.log.length, bench.changes()];
    const sent = () => bench.kernel.network.sockets.get(2)?.sent.length ?? 0;
    const before = sent();
    for (let change = 0; change < 500; change++) {
      const carrier = change % 2 === 1;
      bench.kernel.network.events.push({ kind: "changed", link: { ...ETH0, carrier } });
      if (change % 50 === 0) await settle();
    }
    await settle();
    expect(bench.probe.nics()[0]?.link.carrier).toBe(false);
    await pass(STEADY_MILLISECONDS);
    expect(bench.probe.nics()[0]?.link.carrier).toBe(true);
    expect(bench.log.slice(lines)).toEqual([
      "info: dhcp eth0: BOUND 10.9.0.50/24 from 10.9.0.1 for 3600 s (no carrier)",
      "info: dhcp eth0: BOUND -> REBINDING 10.9.0.50 from any server (carrier found)",
      "warn: eth0: its carrier changed 500 times in 0.0 s, and is steady now",
    ]);
    expect(sent() - before).toBe(1);
    expect(bench.changes() - changes).toBeLessThan(10);
  });

  test("of a link that is nobody's to configure change nothing", async () => {
    const bench = start([ETH0]);
    bench.kernel.network.events.push({ kind: "changed", link: { ...ETH0, index: 9, name: "br0" } });
    bench.kernel.network.events.push({ kind: "removed", link: { ...ETH0, index: 9, name: "br0" } });
    await settle();
    expect(bench.probe.nics()).toHaveLength(1);
  });

  test("that are lost are reported", async () => {
    const bench = start([ETH0]);
    bench.kernel.network.events.fail(new Error("ENOBUFS"));
    await settle();
    expect(bench.log).toContain("warn: Cannot follow the network interfaces: ENOBUFS, looking again");
  });
});

test.each(["asks", "has a lease"])(
  "one that is pulled out while it %s leaves no timer and no socket",
  async (what) => {
    const bench = start([ETH0]);
    const { network } = bench.kernel;
    await pass(1);
    if (what === "has a lease") await lease(bench, 2, "10.9.0.50");
    network.events.push({ kind: "removed", link: ETH0 });
    await settle();
    const sockets = [network.sockets, network.arpSockets, network.guards].flatMap((each) => [
      ...each.values(),
    ]);
    expect(sockets.length).toBe(what === "asks" ? 1 : 3);
    expect([sockets.every(({ isClosed }) => isClosed), jest.getTimerCount()]).toEqual([true, 0]);
  },
);

test("the signal ends every client", async () => {
  const bench = start([ETH0]);
  await pass(1);
  bench.abort.abort();
  expect(bench.kernel.network.sockets.get(2)?.isClosed).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
});
