import { expect, test } from "bun:test";
import { startDhcpServer } from "../../assets/qemu/lan/dhcp-server.ts";
import { BOOT, bootNode } from "../lib/node.ts";
import { openShell, output } from "../lib/shell.ts";

test("the time server of the lease sets the clock, and slews it from then on", async () => {
  const future = Date.UTC(2031, 5, 1) - Date.now();
  using server = startDhcpServer({
    ...{ server: "192.168.7.1", client: "192.168.7.77", leaseSeconds: 3600 },
    time: () => Date.now() + future,
  });
  await using vm = await bootNode({
    name: "time",
    append: "expert debug",
    nics: [{ model: "virtio-net-pci", network: { kind: "socket", path: server.path } }],
  });
  await openShell(vm, BOOT);
  const wait = (line: string) =>
    output(vm, `until dmesg | grep '${line}'; do sleep 1; done`, { within: 120 });
  expect(await wait("clock set from 192.168.7.1")).toMatch(/it was \d+\.\d{3} s behind/);
  expect(await output(vm, "date -u +%Y-%m")).toBe("2031-06\n");
  expect(await wait("clock slewed to 192.168.7.1")).toContain("it was");
  expect(await output(vm, "dmesg | grep -c 'Cannot .* the clock' || true")).toBe("0\n");
});
