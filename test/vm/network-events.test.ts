import { expect, test } from "bun:test";
import { startDhcpServer } from "../../assets/qemu/lan/dhcp-server.ts";
import { BOOT, bootNode, CONFIGURED, ENTERED, SOON } from "../lib/node.ts";
import { openShell, output } from "../lib/shell.ts";

test("a cable, a NIC plugged in and a NIC pulled out: each leads to another map, without a reboot (P4, P13)", async () => {
  await using vm = await bootNode({
    name: "network-events",
    append: "debug rd.net.timeout.dhcp=1",
    nics: [{ model: "e1000", carrier: false }],
  });
  await vm.console.expect(ENTERED, BOOT);
  await vm.console.expect("not configured yet", SOON);
  await vm.console.expect("no cable, no carrier", SOON);
  await vm.qmp.execute("set_link", { name: "nic0", up: true });
  expect((await vm.console.expect(CONFIGURED, SOON)).slice(1, 4)).toEqual(["15", "10.0.2.15/24", "eth0"]);

  await vm.qmp.execute("netdev_add", { type: "user", id: "late", net: "10.9.0.0/24" });
  await vm.qmp.execute("device_add", { driver: "e1000", id: "nic1", netdev: "late", romfile: "" });
  // The page says so as soon as there is a second card, which is before that one has its lease; or after, if it is slow.
  await vm.console.expect("the only one with a lease", SOON);
  const whenever = { ...SOON, whenever: true };
  await vm.console.expect(
    /: node 15, 10\.0\.2\.15\/24 on eth0, map 1 10\.0\.2\.1 254; 15 10\.9\.0\.15 ALIAS/,
    whenever,
  );

  await vm.qmp.execute("device_del", { id: "nic0" });
  await vm.console.expect("clump: eth0 is gone", SOON);
  const left = await vm.console.expect(CONFIGURED, SOON);
  expect(left.slice(2, 4)).toEqual(["10.9.0.15/24", "eth1"]);
  expect(left[4]).toStartWith("1 10.9.0.1 254");
  expect(left[4]).not.toContain("ALIAS");
});

test("a NIC on USB serves until the one that was asked for by its place gets its lease (P2, P17)", async () => {
  using server = startDhcpServer({ server: "192.168.7.1", client: "192.168.7.77", leaseSeconds: 3600 });
  server.answers = false;
  await using vm = await bootNode({
    name: "usb-and-pci",
    append: "expert clump.nic=enp0s4",
    nics: [{ model: "e1000", network: { kind: "socket", path: server.path } }, { model: "usb-net" }],
  });
  const configured = (as: string) =>
    output(vm, `until dmesg | grep 'configured: node ${as}'; do sleep 1; done`, { within: 70 });
  await openShell(vm, BOOT);
  await configured("15, 10.0.2.15/24 on usb0");
  server.answers = true;
  await configured("77, 192.168.7.77/24 on eth0");
  expect(await output(vm, "dmesg | grep primary")).toContain(
    "eth0 is the primary NIC: requested by clump.nic=enp0s4",
  );
  const routes = await output(vm, "ip -4 route");
  expect(routes).toMatch(/^default via 192\.168\.7\.1 dev eth0 .*metric 100/m);
  expect(routes).toMatch(/^default via 10\.0\.2\.2 dev usb0 .*metric 2\d\d/m);
  expect(await output(vm, "cat /etc/mosix.map")).toContain("77 10.0.2.15 ALIAS");
  expect(await output(vm, "setpe -c -f /etc/mosix.map; echo $?")).toEndWith("0\n");
});
