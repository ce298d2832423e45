import { expect, test } from "bun:test";
import type { BootServer } from "../../../../modes/serve/boot-server.ts";
import { NodeServer, planServer } from "../../../../modes/serve/node-server.ts";
import { FakeLog, settle } from "../../../lib/fake-kernel.ts";

const POOL = ["192.168.77.2", "192.168.77.254"] as const;

test("planServer() gives addresses away on the node's own network alone, and serves nothing without one", () => {
  const beside = { interface: "eth0", httpPort: 80 };
  expect(planServer({ nic: "eth0", address: "192.168.77.1" }, POOL)).toEqual({ ...beside, pool: POOL });
  expect(planServer({ nic: "eth0", address: "192.168.77.9" }, POOL)).toEqual(beside);
  expect(planServer({}, POOL)).toBeUndefined();
  expect(planServer(undefined, POOL)).toBeUndefined();
});

function bench() {
  const calls: string[] = [];
  const ends: ((why: string) => void)[] = [];
  const log = new FakeLog();
  const failures: string[] = [];
  const server = new NodeServer({
    plan: (place) => planServer(place, POOL),
    log,
    failed: (why) => failures.push(why),
    async start({ interface: name, pool }): Promise<BootServer> {
      if (name === "eth9") throw new Error("Cannot serve on eth9");
      calls.push(`start ${name}${pool ? " with pool" : ""}`);
      const { promise: failed, resolve } = Promise.withResolvers<string>();
      ends.push(resolve);
      return { failed, stop: async () => void calls.push(`stop ${name}`) };
    },
  });
  return { calls, ends, log, failures, server };
}

test("NodeServer serves on the node's address as it comes, changes and goes", async () => {
  const { calls, log, server } = bench();
  await server.update({});
  await server.update({ nic: "eth0", address: "10.0.0.5" });
  await server.update({ nic: "eth0", address: "10.0.0.5" });
  await server.update({ nic: "eth0", address: "10.0.0.6" });
  await server.update({ nic: "eth1", address: "192.168.77.1" });
  await server.update(undefined);
  const [first, second] = [
    ["start eth0", "stop eth0"],
    ["start eth1 with pool", "stop eth1"],
  ];
  expect(calls).toEqual([...first, ...first, ...second]);
  expect(log.lines.slice(0, 2)).toEqual([
    "info: boots the other PCs on eth0 (beside the DHCP server there)",
    "info: boots no other PCs on eth0 any more",
  ]);
  expect(log.lines.at(-2)).toBe(
    "info: boots the other PCs on eth1 (DHCP server, 192.168.77.2 to 192.168.77.254)",
  );
});

test("NodeServer says why its server ended or could not begin, unless it was stopped", async () => {
  const { ends, failures, server } = bench();
  await server.update({ nic: "eth0", address: "10.0.0.5" });
  await server.update({ nic: "eth1", address: "10.1.0.5" });
  ends[0]?.("stopped");
  ends[1]?.("dnsmasq ended with 2");
  await settle();
  await server.update({ nic: "eth9", address: "10.9.0.5" });
  expect(failures).toEqual(["dnsmasq ended with 2", "Cannot serve on eth9"]);
});
