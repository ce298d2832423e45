import { afterEach, describe, expect, jest, test } from "bun:test";
import { chmodSync, existsSync, rmSync, symlinkSync } from "node:fs";
import { configuredLine, type IdentityOptions, NodeIdentity } from "../../../../init/node/node-identity.ts";
import type { Lease } from "../../../../probes/dhcp/lease.ts";
import type { NetworkChange } from "../../../../probes/network/change.ts";
import { ETH0, LEASE, NIC, networkOf } from "../../../fixtures/lease.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";

const FILES = { "/proc/sys/kernel/hostname": "(none)\n", "/etc/": "" };
const MAP = "/etc/mosix.map";
const NODE = "/run/clump/node";

const leased = (change: Partial<Lease> = {}) => networkOf({ ...NIC, lease: { ...LEASE, ...change } });
const LOST = networkOf(NIC);
/** What the network tells of every lease that comes, changes or goes. */
const CHANGE: NetworkChange = { kind: "lease", nic: NIC };

function bench(root: Root, given: IdentityOptions = {}) {
  const machine = fakeMachine(root.path);
  return { machine, log: machine.log.lines, identity: new NodeIdentity(machine, given) };
}

describe("update()", () => {
  test("configures this node by its address", async () => {
    using root = makeRoot(FILES);
    const { log, identity } = bench(root);
    expect(identity.current()).toBeUndefined();
    await identity.update(leased(), CHANGE);
    expect(identity.current()).toEqual({ node: 15, map: "1 10.0.2.1 254" });
    expect([identity.problems(), identity.warnings()]).toEqual([[], []]);
    expect(root.read(MAP)).toMatch(/^#.*\n1 10\.0\.2\.1 254\n$/);
    expect(root.read(NODE)).toBe("15\n");
    expect(log).toEqual(["info: configured: node 15, 10.0.2.15/24 on eth0, map 1 10.0.2.1 254"]);
  });

  test("gives the addresses of other interfaces as aliases", async () => {
    using root = makeRoot(FILES);
    const { identity } = bench(root);
    const other = {
      ...NIC,
      link: { ...ETH0, index: 3, name: "eth1" },
      lease: { ...LEASE, address: "10.9.0.5" },
    };
    await identity.update(networkOf({ ...NIC, lease: LEASE }, other), CHANGE);
    expect(identity.current()).toEqual({ node: 15, map: "1 10.0.2.1 254\n15 10.9.0.5 ALIAS" });
    await identity.update(leased(), CHANGE);
    expect(root.read(MAP)).not.toContain("ALIAS");
  });

  test("says nothing again when nothing has changed", async () => {
    using root = makeRoot(FILES);
    const { log, identity } = bench(root);
    await identity.update(leased(), CHANGE);
    await identity.update(leased(), CHANGE);
    await identity.update(leased({ seconds: 600 }), CHANGE);
    expect(log).toHaveLength(1);
  });

  test.each<[string, NetworkChange | undefined]>([
    ["nothing changes", undefined],
    ["the state of DHCP changes", { kind: "nic", nic: { ...NIC, lease: LEASE } }],
    ["a NIC without a lease goes", { kind: "nic", nic: { ...NIC, link: { ...ETH0, index: 9 } } }],
    ["a problem comes", { kind: "problem" }],
  ])("leaves a map alone that somebody wrote since, where %s", async (_, change) => {
    using root = makeRoot(FILES);
    const { identity } = bench(root);
    await identity.update(leased());
    root.write({ [MAP]: "by hand\n", "/etc/hosts": "by hand\n" });
    await identity.update(leased(), change);
    expect([root.read(MAP), root.read("/etc/hosts")]).toEqual(["by hand\n", "by hand\n"]);
  });

  test("takes back the alias of a NIC that is gone", async () => {
    using root = makeRoot(FILES);
    const { identity } = bench(root);
    const lease = { ...LEASE, address: "10.3.0.7" };
    const other = { ...NIC, link: { ...ETH0, index: 3, name: "eth1" }, lease };
    await identity.update(networkOf({ ...NIC, lease: LEASE }, other));
    expect(root.read(MAP)).toContain("ALIAS");
    await identity.update(leased(), { kind: "nic", nic: other });
    expect(root.read(MAP)).not.toContain("ALIAS");
  });

  test("writes what found no space when there is some, and says once that there was none", async () => {
    jest.useFakeTimers();
    using root = makeRoot(FILES);
    const { log, identity } = bench(root);
    const hostname = `${root.path}/proc/sys/kernel/hostname`;
    rmSync(hostname);
    symlinkSync("/dev/full", hostname);
    await identity.update(leased());
    for (let tries = 0; tries < 3; tries++) {
      jest.advanceTimersByTime(5_000);
      await settle();
    }
    expect(log).toEqual(["error: Cannot follow the network: no space left on device, ignoring"]);
    rmSync(hostname);
    root.write(FILES);
    jest.advanceTimersByTime(5_000);
    await settle();
    expect(identity.current()?.node).toBe(15);
    jest.useRealTimers();
  });

  test("tries again at the next change of any kind where it failed", async () => {
    using root = makeRoot({ "/etc/": "" });
    const { identity } = bench(root);
    await identity.update(leased());
    expect(identity.current()).toBeUndefined();
    root.write(FILES);
    await identity.update(leased(), { kind: "problem" });
    expect(identity.current()?.node).toBe(15);
  });

  test("writes another map for another address", async () => {
    using root = makeRoot(FILES);
    const { log, identity } = bench(root);
    await identity.update(leased(), CHANGE);
    await identity.update(leased({ address: "192.168.1.77" }), CHANGE);
    expect(identity.current()).toEqual({ node: 77, map: "1 192.168.1.1 254" });
    expect([root.read(MAP).split("\n")[1], root.read(NODE)]).toEqual(["1 192.168.1.1 254", "77\n"]);
    expect(log[1]).toBe("info: configured: node 77, 192.168.1.77/24 on eth0, map 1 192.168.1.1 254");
  });

  test("says and writes another map under the same number", async () => {
    using root = makeRoot(FILES);
    const { log, identity } = bench(root);
    await identity.update(leased(), CHANGE);
    await identity.update(leased({ address: "192.168.1.15" }), CHANGE);
    expect(identity.current()).toEqual({ node: 15, map: "1 192.168.1.1 254" });
    expect(root.read(MAP).split("\n")[1]).toBe("1 192.168.1.1 254");
    expect(log[1]).toBe("info: configured: node 15, 192.168.1.15/24 on eth0, map 1 192.168.1.1 254");
  });

  test("unconfigures this node when its address is gone, and configures it again", async () => {
    using root = makeRoot(FILES);
    const { log, identity } = bench(root);
    await identity.update(leased(), CHANGE);
    await identity.update(LOST, CHANGE);
    expect([identity.current(), existsSync(root.path + NODE)]).toEqual([undefined, false]);
    expect(root.read("/etc/hosts")).not.toContain("10.0.2.15");
    await identity.update(leased(), CHANGE);
    expect(root.read(NODE)).toBe("15\n");
    expect(log.map((line) => line.slice(0, 24))).toEqual([
      "info: configured: node 1",
      "warn: not configured any",
      "info: configured: node 1",
    ]);
  });

  test("leaves an address lost before there was one unsaid", async () => {
    using root = makeRoot(FILES);
    const { log, identity } = bench(root);
    await identity.update(LOST, CHANGE);
    expect([log, root.read("/proc/sys/kernel/hostname")]).toEqual([[], "clump"]);
  });

  test("warns where the network is no Class C", async () => {
    using root = makeRoot(FILES);
    const { log, identity } = bench(root);
    await identity.update(leased({ prefix: 16 }), CHANGE);
    expect(identity.warnings()).toHaveLength(1);
    expect(log).toContain(`warn: ${identity.warnings()[0]}`);
    await identity.update(leased(), CHANGE);
    expect(identity.warnings()).toEqual([]);
  });

  test("brings one change after the other into effect", async () => {
    using root = makeRoot(FILES);
    const { identity } = bench(root);
    const first = identity.update(leased(), CHANGE);
    const second = identity.update(leased({ address: "10.0.2.16" }), CHANGE);
    await Promise.all([first, second, identity.update(leased({ address: "10.0.2.17" }), CHANGE)]);
    expect(root.read(NODE)).toBe("17\n");
  });

  test("logs what it could not do, and goes on with the next change", async () => {
    using root = makeRoot({ "/etc/": "" });
    const { log, identity } = bench(root);
    await identity.update(leased(), CHANGE);
    expect(log[0]).toMatch(
      /^error: Cannot follow the network: no such file or directory \(.*hostname\), ignoring$/,
    );
    root.write(FILES);
    await identity.update(leased({ address: "10.0.2.16" }), CHANGE);
    expect(identity.current()?.node).toBe(16);
  });
});

describe("clump.map=", () => {
  test("gives another map, in which this node finds itself", async () => {
    using root = makeRoot(FILES);
    const { log, identity } = bench(root, { map: "100 10.0.2.10 10; 300 10.9.9.9 1" });
    await identity.update(leased(), CHANGE);
    expect(identity.current()).toEqual({ node: 105, map: "100 10.0.2.10 10\n300 10.9.9.9 1" });
    expect(log[0]).toEndWith("on eth0, map 100 10.0.2.10 10; 300 10.9.9.9 1");
  });

  test.each([
    ["breaks a rule", "0 10.0.2.1 4", "Table contains OpenMosix 'node-#0'!"],
    ["is no map", "what", "Bad Table Input: <what>"],
    ["leaves this node out", "1 10.9.9.1 4", "but my IP address (10.0.2.15) is not there!"],
  ])("that %s leaves a problem and no configuration", async (_, map, message) => {
    using root = makeRoot(FILES);
    const { log, identity } = bench(root, { map });
    await identity.update(leased(), CHANGE);
    expect(identity.current()).toBeUndefined();
    expect(identity.problems()).toEqual([expect.stringContaining(message)]);
    expect(log).toEqual([`warn: Cannot configure this node: ${identity.problems()[0]}, ignoring`]);
    expect([existsSync(root.path + NODE), existsSync(root.path + MAP)]).toEqual([false, false]);
  });

  test("that fits no more unconfigures; a problem ends with its address", async () => {
    using root = makeRoot(FILES);
    const { identity } = bench(root, { map: "1 10.0.2.1 254" });
    await identity.update(leased(), CHANGE);
    await identity.update(leased({ address: "10.9.9.9" }), CHANGE);
    expect([identity.current(), existsSync(root.path + NODE)]).toEqual([undefined, false]);
    expect(identity.problems()).toHaveLength(1);
    await identity.update(LOST, CHANGE);
    expect(identity.problems()).toEqual([]);
  });
});

describe("the hostname", () => {
  test.each<[string, IdentityOptions, Partial<Lease>, string]>([
    ["of the command line", { hostname: "mine" }, { hostname: "theirs" }, "mine"],
    ["of the lease", {}, { hostname: "theirs" }, "theirs"],
    ["of the number", {}, {}, "node15"],
    ["of the number in the map", { map: "7 10.0.2.15 1" }, {}, "node7"],
    ["of nobody, where the map has not this node", { map: "7 10.0.9.1 1" }, {}, "clump"],
    ["of the host number", { span: "prefix" }, { address: "10.0.2.15", prefix: 16 }, "node527"],
  ])("is that %s", async (_, given, lease, hostname) => {
    using root = makeRoot(FILES);
    await bench(root, given).identity.update(leased(lease), CHANGE);
    expect(root.read("/proc/sys/kernel/hostname")).toBe(hostname);
    expect(root.read("/etc/hosts")).toEndWith(`\n10.0.2.15 ${hostname}\n`);
  });

  test.each<[string, IdentityOptions, string | undefined]>([
    ["the number", {}, "node77"],
    ["the command line", { hostname: "mine" }, "mine"],
    ["the pattern", { hostnamePattern: "pc%d" }, "pc77"],
    ["the number of omdiscd", { discovery: "omdiscd" }, "node333"],
    ["nothing, where the number takes the map", { map: "7 10.0.2.15 1" }, undefined],
    ["nothing, where the number takes the prefix", { span: "prefix" }, undefined],
  ])("is known for the first request from the address alone: %s", (_, given, name) => {
    using root = makeRoot(FILES);
    const { identity } = bench(root, given);
    expect(identity.nameAt("10.0.1.77")).toBe(name!);
    expect(identity.nameAt(undefined)).toBe(given.hostname!);
  });

  test("is the node's own in the requests of all its NICs, and no more once it has lost its address", async () => {
    using root = makeRoot(FILES);
    const { identity } = bench(root);
    await identity.update(leased(), CHANGE);
    expect(identity.nameAt("10.9.0.5")).toBe("node15");
    await identity.update(LOST, CHANGE);
    expect([identity.nameAt("10.9.0.5"), identity.nameAt("10.9.0.0")]).toEqual(["node5", undefined]);
    expect(root.read("/proc/sys/kernel/hostname")).toBe("clump");
  });
});

test("the name servers of all leases are used, the cluster's first", async () => {
  using root = makeRoot(FILES);
  const second = { ...NIC, link: { ...ETH0, index: 3, name: "eth1" } };
  const network = networkOf(
    { ...NIC, lease: { ...LEASE, domain: "lab" } },
    { ...second, lease: { ...LEASE, address: "10.1.1.1", dns: ["10.1.1.3", "10.0.2.3"] } },
  );
  await bench(root).identity.update(network, CHANGE);
  expect(root.read("/etc/resolv.conf")).toBe("search lab\nnameserver 10.0.2.3\nnameserver 10.1.1.3\n");
});

test("the time servers of all leases are asked", async () => {
  using root = makeRoot(FILES);
  const asked: (readonly string[])[] = [];
  const { identity } = bench(root, { timeClient: { update: (servers) => void asked.push(servers) } });
  const second = { ...NIC, lease: { ...LEASE, ntp: ["10.0.2.8", "10.0.2.9"] } };
  await identity.update(networkOf({ ...NIC, lease: { ...LEASE, ntp: ["10.0.2.8"] } }, second), CHANGE);
  expect(asked).toEqual([["10.0.2.8", "10.0.2.9"]]);
  expect(identity.current()?.node).toBe(15);
});

describe("on a MOSIX kernel", () => {
  afterEach(() => void jest.useRealTimers());
  const files = { ...FILES, "/proc/hpc/admin/mospe": "0\n", "/sbin/setpe": "#!/bin/sh\n" };

  async function configure(status: number, change: Partial<Lease>[] = [{}]) {
    const root = makeRoot(files);
    chmodSync(`${root.path}/sbin/setpe`, 0o755);
    const { machine, identity } = bench(root);
    machine.children.onSpawn = (child) => {
      child.said = "setpe: no";
      child.finish(status);
    };
    for (const each of change) await identity.update(leased(each), CHANGE);
    root[Symbol.dispose]();
    return { identity, commands: machine.children.all.map(({ command }) => command) };
  }

  test("its own setpe is told the map, once for each", async () => {
    const { commands, identity } = await configure(0, [{}, { seconds: 60 }, { address: "10.0.2.16" }]);
    expect(commands).toEqual([
      ["/sbin/setpe", "-w", "-p", "15", "-f", MAP],
      ["/sbin/setpe", "-w", "-p", "16", "-f", MAP],
    ]);
    expect(identity.warnings()).toEqual([]);
  });

  test("a setpe that refuses leaves a warning, and the node configured for us", async () => {
    const { identity } = await configure(102);
    expect(identity.warnings()).toEqual(["Cannot configure MOSIX: setpe ended with status 102: setpe: no"]);
    expect(identity.current()?.node).toBe(15);
  });

  test("a setpe that hangs does not hold what follows", async () => {
    jest.useFakeTimers();
    using root = makeRoot(files);
    chmodSync(`${root.path}/sbin/setpe`, 0o755);
    const { machine, identity } = bench(root);
    const followed = identity.update(leased({}), CHANGE);
    while (machine.children.all.length === 0) await settle();
    const [setpe] = machine.children.all;
    jest.advanceTimersByTime(10_000);
    expect(setpe?.signals).toEqual(["SIGKILL"]);
    setpe?.finish("SIGKILL");
    await followed;
    expect(identity.warnings()).toEqual(["Cannot configure MOSIX: setpe ended with signal SIGKILL: "]);
    expect(jest.getTimerCount()).toBe(0);
  });
});

test("configuredLine() puts a map of several lines in one", () => {
  const line = configuredLine("eth1", LEASE, { node: 1, map: "1 10.0.2.15 1\n2 10.0.3.1 1" });
  expect(line).toBe("configured: node 1, 10.0.2.15/24 on eth1, map 1 10.0.2.15 1; 2 10.0.3.1 1");
});
