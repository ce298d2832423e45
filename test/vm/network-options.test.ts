import { expect, test } from "bun:test";
import { BOOT, bootNode, CONFIGURED, SOON } from "../lib/node.ts";
import { openShell, output } from "../lib/shell.ts";

test("a fixed address makes a node as a lease does; what of ip= cannot be read is named, and DHCP steps in", async () => {
  const bad = "ip=10.0.0.300::10.0.0.1:255.255.255.0::eth1:none";
  await using vm = await bootNode({
    name: "static address",
    append: `expert ip=10.7.0.77::10.7.0.1:255.255.0.0:pc77:eth0:none nameserver=10.7.0.2 bootdev=eth0 clump.map.span=prefix ${bad}`,
    nics: [{ model: "virtio-net-pci", network: { kind: "nobody" } }, { model: "virtio-net-pci" }],
  });
  const complaint = `Cannot use ${bad}: the client address is 10.0.0.300, and four numbers up to 255 were wanted, using DHCP`;
  await vm.console.expect(complaint, BOOT);
  const [, ...configured] = await vm.console.expect(CONFIGURED, SOON);
  expect(configured.join(" ")).toStartWith("77 10.7.0.77/16 eth0 1 10.7.0.1 65534");
  await openShell(vm, SOON);
  expect(await output(vm, "hostname; cat /etc/resolv.conf")).toMatch(/pc77\s+nameserver 10\.7\.0\.2/);
  const dhcp = "until ip -4 addr show eth1 | grep inet; do sleep 1; done";
  expect(await output(vm, dhcp)).toContain("inet 10.0.2.15/24");
  expect(await output(vm, "ip route | grep default")).toMatch(
    /^default via 10\.7\.0\.1 dev eth0 .*metric 100/m,
  );
  const screen = await output(vm, "COLUMNS=160 clumpview --once");
  expect(screen).toContain("the address is static, by ip= or by hand");
  expect(screen.replace(/\s+/g, " ")).toContain(complaint);
});

test("a bond of two NICs gets a lease, carries a VLAN in a bridge, and outlives the NIC that has its cable pulled", async () => {
  await using vm = await bootNode({
    name: "bond",
    append:
      "expert bond=bond0:all:mode=active-backup,primary=eth0 vlan=vlan5:bond0 bridge=br0:vlan5 " +
      "ip=bond0:dhcp ip=10.5.0.9:::24::br0:none bootdev=bond0",
    nics: [{ model: "virtio-net-pci" }, { model: "virtio-net-pci" }],
  });
  await openShell(vm, BOOT);
  // The address of the bridge is there at once: where the host holds the machine up, it makes the node until the lease comes.
  const bonded = "configured: node 15, 10.0.2.15/24 on bond0";
  await output(vm, `until dmesg | grep '${bonded}'; do sleep 1; done`, BOOT);
  expect(await output(vm, "dmesg")).not.toContain("Cannot use");
  expect(
    await output(
      vm,
      "until ip addr show br0 | grep -q 10.5.0.9; do sleep 1; done; cat /proc/net/vlan/config; ls /sys/class/net/br0/brif; ip -4 addr show br0",
    ),
  ).toMatch(/vlan5\s+\| 5 +\| bond0\s+vlan5\s[\s\S]*10\.5\.0\.9\/24/);
  const active = "/sys/class/net/bond0/bonding/active_slave";
  expect(await output(vm, `cat ${active}`)).toContain("eth0");
  await vm.qmp.execute("set_link", { name: "nic0", up: false });
  await output(vm, `until grep -q eth1 ${active}; do sleep 1; done`);
  expect(await output(vm, "ping -c 1 -w 20 10.0.2.2")).toContain("1 packets received");
  await vm.qmp.execute("netdev_add", { type: "user", id: "late" });
  await vm.qmp.execute("device_add", { driver: "e1000", netdev: "late", romfile: "" });
  await output(vm, "until grep -q eth2 /sys/class/net/bond0/bonding/slaves; do sleep 1; done");
});
