import { describe, expect, test } from "bun:test";
import type { InterfaceRequest } from "../../../../probes/network-options/interface-request.ts";
import { parseIp } from "../../../../probes/network-options/ip.ts";

const NONE = { dns: [], ntp: [] };
const DHCP = { method: "dhcp", ...NONE } as const;
const v4 = (address: string, prefix: number, more = {}) => ({ family: 4, address, prefix, ...more }) as const;
const v6 = (address: string, prefix: number, more = {}) => ({ family: 6, address, prefix, ...more }) as const;
const fixed = (address: InterfaceRequest["address"], more = {}) =>
  ({ method: "static", address, ...NONE, ...more }) as InterfaceRequest;

describe("parseIp() reads", () => {
  test.each<[string, string, InterfaceRequest]>([
    // Documentation/admin-guide/nfs/nfsroot.rst
    ["nothing, which is every default", "", DHCP],
    ["a lone dhcp", "dhcp", DHCP],
    ["a lone on", "on", DHCP],
    ["a lone any", "any", DHCP],
    ["a lone off", "off", { method: "none", ...NONE }],
    ["a lone none", "none", { method: "none", ...NONE }],
    ["BOOTP, which DHCP succeeded", "bootp", DHCP],
    ["both", "both", DHCP],
    [
      "a client identifier",
      "dhcp,1,52:54:00:12:34:56",
      { ...DHCP, clientId: { type: 1, value: "52:54:00:12:34:56" } },
    ],
    ["a client identifier of text", "dhcp,0,rack7,a", { ...DHCP, clientId: { type: 0, value: "rack7,a" } }],
    [
      "all ten fields",
      "10.0.0.5:10.0.0.1:10.0.0.254:255.255.0.0:pc5:eth1:off:10.0.0.2:10.0.0.3:10.0.0.4",
      {
        device: "eth1",
        method: "static",
        hostname: "pc5",
        address: v4("10.0.0.5", 16, { gateway: "10.0.0.254" }),
        dns: ["10.0.0.2", "10.0.0.3"],
        ntp: ["10.0.0.4"],
      },
    ],
    ["an address alone, class A", "10.0.0.5", fixed(v4("10.0.0.5", 8))],
    ["an address alone, class B", "172.16.0.5", fixed(v4("172.16.0.5", 16))],
    ["an address alone, class C", "192.168.7.5", fixed(v4("192.168.7.5", 24))],
    ["an address with a prefix", "10.0.0.5/24", fixed(v4("10.0.0.5", 24))],
    ["a mask as a prefix", "10.0.0.5:::22", fixed(v4("10.0.0.5", 22))],
    ["a mask of one address", "10.0.0.5:::255.255.255.255", fixed(v4("10.0.0.5", 32))],
    ["four fields with nothing in them, as a boot loader without an address writes", ":::", DHCP],
    [
      "0.0.0.0 as none",
      "0.0.0.0:0.0.0.0:0.0.0.0:0.0.0.0:pc5:eth0",
      { ...DHCP, device: "eth0", hostname: "pc5" },
    ],
    ["a device and dhcp", ":::::eth0:dhcp", { ...DHCP, device: "eth0" }],
    ["a name and dhcp", "::::pc5::dhcp", { ...DHCP, hostname: "pc5" }],
    ["a name server with dhcp", ":::::eth0:dhcp:10.0.0.2", { ...DHCP, device: "eth0", dns: ["10.0.0.2"] }],
    ["a device and off", ":::::eth1:off", { method: "none", device: "eth1", ...NONE }],
    [
      "on with an address, which DHCP is asked for",
      "10.0.0.5:::::eth0:on",
      { ...DHCP, device: "eth0", wanted: "10.0.0.5" },
    ],
    // syslinux/doc/syslinux.txt, SYSAPPEND 1
    [
      "the four fields of PXELINUX",
      "192.168.7.5:192.168.7.1:192.168.7.254:255.255.255.0",
      fixed(v4("192.168.7.5", 24, { gateway: "192.168.7.254" })),
    ],
    // dracut.cmdline(7)
    ["single-dhcp", "single-dhcp", DHCP],
    ["auto6", "auto6", { method: "ipv6", ...NONE }],
    ["either6", "either6", { method: "ipv6", ...NONE }],
    ["link6", "link6", { method: "ipv6", ...NONE }],
    ["an interface and dhcp", "eth0:dhcp", { ...DHCP, device: "eth0" }],
    ["an interface and off", "eth1:off", { method: "none", device: "eth1", ...NONE }],
    ["an interface and auto6", "ens3:auto6", { method: "ipv6", device: "ens3", ...NONE }],
    ["an MTU", "eth0:dhcp:1400", { ...DHCP, device: "eth0", mtu: 1_400 }],
    [
      "an MTU and a MAC",
      "eth0:dhcp:9000:52:54:00:AA:BB:CC",
      { ...DHCP, device: "eth0", mtu: 9_000, mac: "52:54:00:aa:bb:cc" },
    ],
    [
      "a MAC without an MTU",
      "eth0:dhcp::52:54:00:aa:bb:cc",
      { ...DHCP, device: "eth0", mac: "52:54:00:aa:bb:cc" },
    ],
    // NetworkManager's and systemd's.
    ["auto", "auto", DHCP],
    ["a list of methods", "dhcp,dhcp6", DHCP],
    [
      "an interface and a list of methods, with an MTU",
      "eth0:dhcp,dhcp6:1666",
      { ...DHCP, device: "eth0", mtu: 1_666 },
    ],
    ["a host name and a list of methods", "::::host1::dhcp,dhcp6", { ...DHCP, hostname: "host1" }],
    ["a list of IPv6 methods", "eth0:dhcp6,auto6", { method: "ipv6", device: "eth0", ...NONE }],
    ["an MTU for all interfaces", ":dhcp:9000", { ...DHCP, mtu: 9_000 }],
    ["off for all interfaces", ":off", { method: "none", ...NONE }],
    [
      "an IPv6 mask as an address",
      "[2001:db8::5]:::[ffff:ffff:ffff::]::eth0:none",
      fixed(v6("2001:db8::5", 48), { device: "eth0" }),
    ],
    ["an interface by its MAC", "52-54-00-AA-BB-CC:dhcp", { ...DHCP, device: "52:54:00:aa:bb:cc" }],
    ["an interface by its place", "0000:00:03.0:dhcp", { ...DHCP, device: "0000:00:03.0" }],
    ["a VLAN", "eth0.5:dhcp", { ...DHCP, device: "eth0.5" }],
    [
      "an explicit configuration with MTU and MAC",
      "10.0.0.5::10.0.0.1:255.255.255.0:pc5:ens3:none:1400:52:54:00:aa:bb:cc",
      fixed(v4("10.0.0.5", 24, { gateway: "10.0.0.1" }), {
        ...{ hostname: "pc5", device: "ens3", mtu: 1_400, mac: "52:54:00:aa:bb:cc" },
      }),
    ],
    [
      "a MAC after an empty MTU",
      "10.0.0.5::10.0.0.1:24::ens3:none::52:54:00:aa:bb:cc",
      fixed(v4("10.0.0.5", 24, { gateway: "10.0.0.1" }), { device: "ens3", mac: "52:54:00:aa:bb:cc" }),
    ],
    [
      "an explicit configuration with name servers",
      "10.0.0.5::10.0.0.1:24:pc5:ens3:none:10.0.0.2:[2001:db8::2]",
      fixed(v4("10.0.0.5", 24, { gateway: "10.0.0.1" }), {
        ...{ hostname: "pc5", device: "ens3", dns: ["10.0.0.2", "2001:db8::2"] },
      }),
    ],
    [
      "a peer with a prefix",
      "10.0.0.5:10.9.9.1/32::32::eth0:none",
      fixed(v4("10.0.0.5", 32, { peer: { destination: "10.9.9.1", prefix: 32 } }), { device: "eth0" }),
    ],
    [
      "IPv6 in brackets",
      "[2001:DB8::5]::[2001:db8::1]:48:pc5:eth0:none",
      fixed(v6("2001:db8::5", 48, { gateway: "2001:db8::1" }), { device: "eth0", hostname: "pc5" }),
    ],
    ["IPv6 without a mask", "[2001:db8:0:0::5]:::::eth0", fixed(v6("2001:db8::5", 64), { device: "eth0" })],
    ["IPv6 with a prefix", "[2001:db8::5]/56:::::eth0", fixed(v6("2001:db8::5", 56), { device: "eth0" })],
    [
      "IPv6 with a prefix within",
      "[2001:db8::5/56]:::::eth0",
      fixed(v6("2001:db8::5", 56), { device: "eth0" }),
    ],
  ])("%s: ip=%s", (_, value, request) => {
    expect(parseIp(value)).toEqual({ request, complaints: [] });
  });
});

describe("parseIp() falls back to DHCP and names", () => {
  test.each<[string, string, string]>([
    [
      "10.0.0.300::10.0.0.1:24::eth1:none",
      "the client address is 10.0.0.300, and four numbers up to 255 were wanted",
      "eth1",
    ],
    ["10.0.0:::24", "the client address is 10.0.0, and four numbers up to 255 were wanted", ""],
    [
      "10.0.0.x::10.0.0.1:24::eth1:none",
      "the client address is 10.0.0.x, and four numbers up to 255 were wanted",
      "eth1",
    ],
    ["224.0.0.5:::24", "the client address is 224.0.0.5, and the address of a host was wanted", ""],
    ["10.0.0.0:::24", "the client address is 10.0.0.0/24, and the address of a host was wanted", ""],
    ["10.0.0.255:::24", "the client address is 10.0.0.255/24, and the address of a host was wanted", ""],
    ["10.0.0.5::10.0.0.999:24", "the gateway is 10.0.0.999, and four numbers up to 255 were wanted", ""],
    ["10.0.0.5::[2001:db8::1]:24", "the gateway is [2001:db8::1], and an IPv4 address was wanted", ""],
    [
      "10.0.0.5:::255.0.255.0",
      "the mask is 255.0.255.0, and one like 255.255.255.0, or 1 to 32, was wanted",
      "",
    ],
    ["10.0.0.5:::33", "the mask is 33, and one like 255.255.255.0, or 1 to 32, was wanted", ""],
    ["10.0.0.5:::0", "the mask is 0, and one like 255.255.255.0, or 1 to 32, was wanted", ""],
    ["10.0.0.5/33", "the prefix of the client address is 33, and 0 to 32 was wanted", ""],
    ["10.0.0.5:::24::eth0:dchp", "the method is dchp, and dhcp, off, none or auto6 was wanted", "eth0"],
    [
      "10.0.0.5:::24::an-interface-too-long:none",
      "the interface is an-interface-too-long, and a name of up to 15 characters was wanted",
      "",
    ],
    [
      "[2001:db8::x]:::64::eth0:none",
      "the client address is [2001:db8::x], and an IPv6 address like [2001:db8::7] was wanted",
      "eth0",
    ],
    ["[2001:db8::5]:::129::eth0:none", "the mask is 129, and 1 to 128 was wanted", "eth0"],
    [
      "[ff02::1]:::64::eth0:none",
      "the client address is [ff02::1], and the address of a host was wanted",
      "eth0",
    ],
    ["[2001:db8::5]:::[ffff::ffff]::eth0:none", "the mask is [ffff::ffff], and 1 to 128 was wanted", "eth0"],
    ["[2001:db8::5]:::255.255.0.0::eth0:none", "the mask is 255.255.0.0, and 1 to 128 was wanted", "eth0"],
    ["dchp", "the method is dchp, and dhcp, off, none or auto6 was wanted", ""],
    ["eth0", "the method is eth0, and dhcp, off, none or auto6 was wanted", ""],
    ["eth0:dhpc", "the method is dhpc, and dhcp, off, none or auto6 was wanted", "eth0"],
    ["dhcp6", "it asks for DHCPv6, which is not spoken here", ""],
    ["eth0:dhcp6", "it asks for DHCPv6, which is not spoken here", "eth0"],
    ["rarp", "it asks for RARP, which is not spoken here", ""],
    [":::::eth0:ibft", "it asks for the iBFT of the firmware, which is not read here", "eth0"],
    ["dhcp,1,", "the client identifier is empty, and 1 to 254 bytes were wanted", ""],
    ["dhcp,256,x", "the type of the client identifier is 256, and 0 to 255 was wanted", ""],
    ["52:54:00:12:34:5g:dhcp", "the client address is 52, and four numbers up to 255 were wanted", ""],
  ])("ip=%s", (value, what, device) => {
    const { request, complaints } = parseIp(value);
    expect(request).toMatchObject({ method: "dhcp", ...(device && { device }) });
    expect(request).not.toContainKey("address");
    expect(complaints).toEqual([`Cannot use ip=${value}: ${what}, using DHCP`]);
  });
});

describe("parseIp() keeps what stands beside", () => {
  const DHCP_WANTED = "and dhcp, off, none or auto6 was wanted";

  test.each<[string, InterfaceRequest, string]>([
    ["eth0:dhpc:1666", { ...DHCP, device: "eth0", mtu: 1_666 }, `the method is dhpc, ${DHCP_WANTED}`],
    [
      "eth0:dhcp6:1666",
      { ...DHCP, device: "eth0", mtu: 1_666 },
      "it asks for DHCPv6, which is not spoken here",
    ],
    [
      "an-interface-too-long:off",
      { method: "none", ...NONE },
      "the interface is an-interface-too-long, and a name of up to 15 characters was wanted",
    ],
    [
      "::::host1:eth0:dhpc",
      { ...DHCP, device: "eth0", hostname: "host1" },
      `the method is dhpc, ${DHCP_WANTED}`,
    ],
    [
      "10.0.0.300::10.0.0.1:24:host1:eth1:none:10.0.0.2",
      { ...DHCP, device: "eth1", hostname: "host1", dns: ["10.0.0.2"] },
      "the client address is 10.0.0.300, and four numbers up to 255 were wanted",
    ],
    [
      "10.0.0.5:::240.0.0.7:host1:eth1:none:1400:52:54:00:aa:bb:cc",
      { ...DHCP, device: "eth1", hostname: "host1", mtu: 1_400, mac: "52:54:00:aa:bb:cc" },
      "the mask is 240.0.0.7, and one like 255.255.255.0, or 1 to 32, was wanted",
    ],
  ])("an unreadable part of ip=%s", (value, wanted, complaint) => {
    const { request, complaints } = parseIp(value);
    expect(request).toEqual(wanted);
    expect(complaints).toEqual([`Cannot use ip=${value}: ${complaint}, using DHCP`]);
  });

  test("a bracket that is not closed", () => {
    const { request, complaints } = parseIp("[2001:db8::5:::64::eth0:none");
    expect(request).toMatchObject(DHCP);
    expect(complaints[0]).toContain(`the method is 64, ${DHCP_WANTED}, using DHCP`);
  });

  test.each([":dhcp:9000:52:54:00:aa:bb:cc", "::::::dhcp:9000:52:54:00:aa:bb:cc"])(
    "but no MAC for all interfaces: ip=%s",
    (value) => {
      const { request, complaints } = parseIp(value);
      expect(request).toEqual({ ...DHCP, mtu: 9_000 });
      expect(complaints).toEqual([
        `Cannot use ip=${value}: the MAC is 52:54:00:aa:bb:cc, and an interface for it was wanted, ignoring that`,
      ]);
    },
  );
});

describe("parseIp() does without", () => {
  test.each([
    [
      "10.0.0.5:::24:pc_5:eth0:none",
      "the host name is pc_5, and one of letters, digits and hyphens was wanted",
    ],
    [
      "10.0.0.5:::24::eth0:none:10.0.0.2.:",
      "the name server is 10.0.0.2., and four numbers up to 255 were wanted",
    ],
    [
      "10.0.0.5:::24::eth0:none:::pool.ntp.org",
      "the time server is pool.ntp.org, and four numbers up to 255 were wanted",
    ],
    ["10.0.0.5:::24::eth0:none:70000", "the MTU is 70000, and 68 to 65535 was wanted"],
    ["10.0.0.5:boot:::::none", "the peer is boot, and four numbers up to 255 were wanted"],
    [
      "10.0.0.5:::24::eth0:none:1500:nonsense",
      "the MAC is nonsense, and one like 52:54:00:12:34:56 was wanted",
    ],
  ])("a bad %s", (value, what) => {
    const { request, complaints } = parseIp(value);
    expect(request).toMatchObject({ method: "static", address: { address: "10.0.0.5" }, dns: [], ntp: [] });
    expect(complaints).toEqual([`Cannot use ip=${value}: ${what}, ignoring that`]);
  });
});

test("parseIp() throws for no text at all", () => {
  const pieces = [
    "",
    ":",
    "[",
    "]",
    "/",
    "10.0.0.1",
    "eth0",
    "dhcp",
    "52:54:00:12:34:56",
    ",",
    "::",
    "99999",
    "%",
    "\u0000",
  ];
  for (const a of pieces)
    for (const b of pieces)
      for (const c of pieces) expect(parseIp(`${a}${b}:${c}`).request.method).toBeString();
});
