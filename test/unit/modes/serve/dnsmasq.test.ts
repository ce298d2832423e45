import { expect, test } from "bun:test";
import { readServeOptions } from "../../../../assets/serve/options.ts";
import { dnsmasqCommand } from "../../../../modes/serve/dnsmasq.ts";

const INPUTS = {
  served: { address: "192.168.1.2", network: "192.168.1.0", mask: "255.255.255.0" },
  folder: "/srv/pxe",
  http: "http://192.168.1.2",
  leaseFile: "/tmp/leases",
};
const PROXY = dnsmasqCommand({ ...INPUTS, options: readServeOptions(["--interface", "eth1"]) });
const SERVER = dnsmasqCommand({
  ...INPUTS,
  options: readServeOptions(["--interface", "eth1", "--dhcp", "192.168.1.100,192.168.1.200"]),
});

test("dnsmasqCommand() names one interface, no other, no DNS, and reads no file of the machine", () => {
  for (const command of [PROXY, SERVER]) {
    expect(command.filter((word) => word.startsWith("--interface"))).toEqual(["--interface=eth1"]);
    for (const word of [
      "--bind-dynamic",
      "--except-interface=lo",
      "--port=0",
      "--conf-file=/dev/null",
      "--dhcp-leasefile=/tmp/leases",
    ])
      expect(command).toContain(word);
  }
});

test("beside a DHCP server it gives no address away", () => {
  const ranges = PROXY.filter((word) => word.startsWith("--dhcp-range"));
  expect(ranges).toEqual(["--dhcp-range=192.168.1.0,proxy,255.255.255.0"]);
  expect(PROXY.join(" ")).not.toContain("authoritative");
  expect(PROXY).toContain("--pxe-service=tag:!ipxe,x86PC,clump,undionly.kpxe");
  expect(PROXY).toContain("--pxe-service=tag:!ipxe,BC_EFI,clump,ipxe.efi");
  expect(PROXY).toContain("--pxe-service=tag:!ipxe,X86-64_EFI,clump,ipxe.efi");
  expect(PROXY).toContain("--pxe-service=tag:ipxe,BC_EFI,clump,boot.ipxe");
  expect(PROXY).toContain("--pxe-service=tag:ipxe,x86PC,clump,boot.ipxe");
});

test("as DHCP server it gives the pool away, and names no router that is not there", () => {
  expect(SERVER).toContain("--dhcp-range=192.168.1.100,192.168.1.200,255.255.255.0,12h");
  expect(SERVER).toContain("--dhcp-option=option:router");
  expect(SERVER.join(" ")).not.toContain("proxy");
  expect(SERVER).toContain("--dhcp-boot=tag:!ipxe,tag:bios,undionly.kpxe");
  expect(SERVER).toContain("--dhcp-boot=tag:!ipxe,tag:uefi,ipxe.efi");
  expect(SERVER).toContain("--dhcp-boot=tag:!ipxe,tag:http,http://192.168.1.2/ipxe.efi");
  expect(SERVER).toContain("--dhcp-boot=tag:ipxe,boot.ipxe");
});

test.each([
  ["no interface", [], "interface"],
  ["a pool of one", ["--interface", "eth1", "--dhcp", "10.0.0.1"], "two addresses were wanted"],
  ["an address that is none", ["--interface", "eth1", "--dhcp", "10.0.0.1,10.0.0.300"], "two addresses"],
  ["an option of dnsmasq in the pool", ["--interface", "eth1", "--dhcp", "10.0.0.1,proxy"], "two addresses"],
  [
    "a pool that ends before it begins",
    ["--interface", "eth1", "--dhcp", "10.0.0.9,10.0.0.1"],
    "two addresses",
  ],
  ["a port beyond the last", ["--interface", "eth1", "--http-port", "70000"], "65535"],
  ["a word it does not know", ["--interface", "eth1", "--all"], "all"],
])("readServeOptions() refuses %s", (_name, argv, said) => {
  expect(() => readServeOptions(argv)).toThrow(said);
});
