import { expect, test } from "bun:test";
import type { networkInterfaces } from "node:os";
import type { BootServer } from "../../../../modes/serve/boot-server.ts";
import { createNodeServers, planServers } from "../../../../modes/serve/node-servers.ts";
import { FakeLog } from "../../../lib/fake-kernel.ts";

type Interfaces = ReturnType<typeof networkInterfaces>;

const POOL = ["192.168.77.2", "192.168.77.254"] as const;

function addressOf(address: string, family: "IPv4" | "IPv6" = "IPv4", internal = false) {
  return { address, family, internal, netmask: "255.255.255.0", mac: "", cidr: null, scopeid: 0 };
}
function interfaces(addresses: Readonly<Record<string, string>>): Interfaces {
  return Object.fromEntries(
    Object.entries(addresses).map(([name, address]) => [name, [addressOf(address)]]),
  ) as Interfaces;
}
const isAdapter = (name: string) => name.startsWith("eth");

test("planServers() gives addresses away on the node's own network alone", () => {
  const plan = planServers(
    {
      ...interfaces({ eth0: "192.168.77.1", eth1: "192.168.77.9", br0: "10.0.0.1" }),
      lo: [addressOf("127.0.0.1", "IPv4", true)],
      eth2: [addressOf("fe80::1", "IPv6")],
    } as Interfaces,
    POOL,
    isAdapter,
  );
  expect([...plan.values()]).toEqual([
    { interface: "eth0", address: "192.168.77.1", httpPort: 80, pool: POOL },
    { interface: "eth1", address: "192.168.77.9", httpPort: 80 },
  ]);
});

function bench() {
  const calls: string[] = [];
  const ends = new Map<string, (why: string) => void>();
  const log = new FakeLog();
  const failures: string[] = [];
  const servers = createNodeServers(
    {
      pool: POOL,
      log,
      failed: (why) => failures.push(why),
      async start({ interface: name, pool }): Promise<BootServer> {
        calls.push(`start ${name}${pool ? " with pool" : ""}`);
        const { promise: failed, resolve } = Promise.withResolvers<string>();
        ends.set(name, resolve);
        return { failed, stop: async () => void calls.push(`stop ${name}`) };
      },
    },
    isAdapter,
  );
  return { calls, ends, log, failures, servers };
}

test("createNodeServers() follows addresses as they come, change and go", async () => {
  const { calls, log, servers } = bench();
  await servers.follow(interfaces({ eth0: "10.0.0.5" }));
  await servers.follow(interfaces({ eth0: "10.0.0.5", eth1: "192.168.77.1" }));
  await servers.follow(interfaces({ eth0: "10.0.0.6", eth1: "192.168.77.1" }));
  await servers.follow({});
  expect(calls).toEqual([
    "start eth0",
    "start eth1 with pool",
    "stop eth0",
    "start eth0",
    "stop eth1",
    "stop eth0",
  ]);
  expect(log.lines).toContain("info: boots the other PCs on eth0 (beside the DHCP server there)");
  expect(log.lines).toContain(
    "info: boots the other PCs on eth1 (DHCP server, 192.168.77.2 to 192.168.77.254)",
  );
});

test("createNodeServers() says why a server ended, unless it was stopped", async () => {
  const { ends, failures, servers } = bench();
  await servers.follow(interfaces({ eth0: "10.0.0.5", eth1: "10.1.0.5" }));
  await servers.follow(interfaces({ eth1: "10.1.0.5" }));
  ends.get("eth0")?.("stopped");
  ends.get("eth1")?.("dnsmasq ended with 2");
  await Bun.sleep(0);
  expect(failures).toEqual(["dnsmasq ended with 2"]);
});
