import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { setHostname, writeHosts, writeResolvers } from "../../../probes/system-names.ts";
import { LEASE } from "../../fixtures/lease.ts";
import { makeRoot } from "../../fixtures/root.ts";

test("setHostname() tells the kernel", () => {
  using root = makeRoot({ "/proc/sys/kernel/hostname": "(none)\n" });
  setHostname(root.path, "node77");
  expect(root.read("/proc/sys/kernel/hostname")).toBe("node77");
});

test("writeHosts() puts this node at its address, and nowhere without one", () => {
  using root = makeRoot({ "/etc/hosts": "old\n" });
  writeHosts(root.path, "node77", "192.168.1.77");
  const loopback = "127.0.0.1 localhost\n::1 localhost ip6-localhost\n";
  expect(root.read("/etc/hosts")).toBe(`${loopback}192.168.1.77 node77\n`);
  writeHosts(root.path, "node77", undefined);
  expect(root.read("/etc/hosts")).toBe(loopback);
  expect(readdirSync(`${root.path}/etc`)).toEqual(["hosts"]);
});

test.each<[string, Parameters<typeof writeResolvers>[1], string]>([
  ["no lease", [], ""],
  ["a lease without servers", [{ ...LEASE, dns: [] }], ""],
  ["a lease", [{ ...LEASE, domain: "lab" }], "search lab\nnameserver 10.0.2.3\n"],
  [
    "leases with search domains, which stand instead of the domain",
    [
      { ...LEASE, domain: "lab", search: ["a.lab", "b.lab"] },
      { ...LEASE, domain: "b.lab" },
    ],
    "search a.lab b.lab\nnameserver 10.0.2.3\n",
  ],
  [
    "leases that share some",
    [LEASE, { ...LEASE, dns: ["10.1.1.1", "10.0.2.3"], domain: "a" }, { ...LEASE, dns: [], domain: "b" }],
    "search a b\nnameserver 10.0.2.3\nnameserver 10.1.1.1\n",
  ],
])("writeResolvers() of %s", (_, leases, text) => {
  using root = makeRoot({ "/etc/": "" });
  writeResolvers(root.path, leases);
  expect(root.read("/etc/resolv.conf")).toBe(text);
});

test("writeResolvers() puts the servers given before those of leases", () => {
  using root = makeRoot({ "/etc/": "" });
  writeResolvers(root.path, [LEASE], ["10.7.0.2", "2001:db8::2", "10.0.2.3"]);
  expect(root.read("/etc/resolv.conf")).toBe(
    "nameserver 10.7.0.2\nnameserver 2001:db8::2\nnameserver 10.0.2.3\n",
  );
});
