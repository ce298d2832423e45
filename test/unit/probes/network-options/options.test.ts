import { describe, expect, test } from "bun:test";
import { readNetworkOptions } from "../../../../probes/network-options/options.ts";
import { splitParameters } from "../../../../system/kernel-parameters.ts";

const options = (text: string) => readNetworkOptions(splitParameters(text));
const EMPTY = {
  ...{ interfaces: [], vlans: [], bonds: [], bridges: [], routes: [], names: [], nameservers: [] },
  ...{ peerDns: true, usesBootif: true, complaints: [] },
};
const PXE = "ip=192.168.7.5:192.168.7.1:192.168.7.254:255.255.255.0";

describe("readNetworkOptions()", () => {
  test("asks for nothing where nothing is said", () => {
    expect(options("quiet ro root=/dev/sda1 clumpos ip vlan rd.neednet=1 toString=1")).toEqual(EMPTY);
  });

  test("gathers what may come several times", () => {
    const { interfaces, vlans, nameservers, names, routes, complaints } = options(
      "ip=eth0:dhcp ip=eth1:off nfsaddrs=on vlan=vlan5:eth0 vlan=eth0.6:eth0 nameserver=10.0.0.2 " +
        "nameserver=[2001:db8::2] nameserver=2001:db8::3 ifname=up:52:54:00:AA:BB:CC " +
        "rd.route=10.2.0.0/16:10.0.0.1:eth0 rd.route=192.168.0.0/24::eth1",
    );
    expect(interfaces.map(({ device, method }) => [device, method])).toEqual([
      ["eth0", "dhcp"],
      ["eth1", "none"],
      [undefined, "dhcp"],
    ]);
    expect(vlans.map(({ name }) => name)).toEqual(["vlan5", "eth0.6"]);
    expect(nameservers).toEqual(["10.0.0.2", "2001:db8::2", "2001:db8::3"]);
    expect(names).toEqual([{ name: "up", mac: "52:54:00:aa:bb:cc" }]);
    expect(routes).toHaveLength(2);
    expect(complaints).toEqual([]);
  });

  test("of a bond, a VLAN or a name given twice the last wins", () => {
    const { bonds, vlans } = options("bond=bond0:eth0 bond=bond0:eth1 vlan=vlan5:eth0 vlan=vlan5:eth1");
    expect(bonds.map(({ members }) => members)).toEqual([["eth1"]]);
    expect(vlans.map(({ parent }) => parent)).toEqual(["eth1"]);
  });

  test("takes a bare bond for bond0 of eth0 and eth1", () => {
    expect(options("bond").bonds).toMatchObject([{ name: "bond0", members: ["eth0", "eth1"] }]);
  });

  test.each([
    ["the address that PXE got", `${PXE} BOOTIF=01-52-54-00-12-34-56`, "192.168.7.5", 0],
    ["an address without a method", "BOOTIF=01-52-54-00-12-34-56 ip=192.168.7.5", "192.168.7.5", 0],
    ["a fixed address without BOOTIF", PXE, undefined, 1],
    [
      "a fixed address where BOOTIF is not to count",
      `${PXE} BOOTIF=01-52-54-00-12-34-56 rd.bootif=0`,
      undefined,
      1,
    ],
    ["a fixed address with a method", "ip=192.168.7.5::::::off BOOTIF=01-52-54-00-12-34-56", undefined, 1],
    ["DHCP beside it", `${PXE} BOOTIF=01-52-54-00-12-34-56 ip=dhcp`, "192.168.7.5", 1],
  ])("sees %s", (_, words, pxe, left) => {
    const { pxe: seen, interfaces } = options(words);
    expect([seen?.address, interfaces.length]).toEqual([pxe, left]);
  });

  test("takes the host name of the last ip= that has one", () => {
    expect(options("ip=::::pc7:eth0:dhcp ip=::::pc8:eth1:dhcp ip=eth2:dhcp").hostname).toBe("pc8");
  });

  test.each([
    ...["0", "no", "off", "false"].map((no) => [`rd.peerdns=${no}`, { peerDns: false }] as const),
    ...["0", "no", "off", "false"].map((no) => [`rd.bootif=${no}`, { usesBootif: false }] as const),
    ["rd.peerdns=0 rd.peerdns", { peerDns: true }],
    ["rd.bootif=0 rd.bootif", { usesBootif: true }],
    ["rd.net.timeout.dhcp=infinity", { waitSeconds: 86_400 }],
    ["rd.net.dhcp.retry=infinity rd.net.timeout.carrier=20", { waitSeconds: 20 }],
    ["rd.peerdns=0 rd.peerdns=1", { peerDns: true }],
    ["bootdev=eth1", { bootDevice: "eth1" }],
    ["bootdev=52:54:00:AA:BB:CC", { bootDevice: "52:54:00:aa:bb:cc" }],
    ["rd.net.timeout.dhcp=20", { waitSeconds: 20 }],
    ["rd.net.timeout.dhcp=20 rd.net.dhcp.retry=3", { waitSeconds: 60 }],
    ["rd.net.timeout.dhcp=20 rd.net.timeout.carrier=45", { waitSeconds: 45 }],
    ["rd.net.timeout.dhcp=99999 rd.net.dhcp.retry=99999", { waitSeconds: 86_400 }],
    ["rd.net.dhcp.retry=3", {}],
  ])("%s", (words, wanted) => {
    expect(options(words)).toEqual({ ...EMPTY, ...wanted });
  });

  test.each([
    ["ip=dchp", "the method is dchp, and dhcp, off, none or auto6 was wanted, using DHCP"],
    [
      "vlan=nonsense:eth0",
      "the name of the VLAN is nonsense, and one that ends in its number, like vlan5 or eth0.5, was wanted, ignoring",
    ],
    [
      "bond=bond0:eth0:mode=9",
      "the mode is 9, and 0 to 6, balance-rr, active-backup, balance-xor, broadcast, 802.3ad, balance-tlb or balance-alb was wanted, ignoring that",
    ],
    ["rd.route=10.2.0.0/16", "the gateway is empty, and an address or an interface was wanted, ignoring"],
    ["ifname=up:52:54:00", "the MAC is 52, and one like 52:54:00:12:34:56 was wanted, ignoring"],
    [
      "nameserver=dns.example",
      "the name server is dns.example, and four numbers up to 255 were wanted, ignoring",
    ],
    ["bootdev=", "the interface is empty, and a name of up to 15 characters was wanted, ignoring"],
    ["team=team0:eth0,eth1", "it asks for a team of interfaces: bond= makes a bond, ignoring"],
    ["bridge=br0:br0", "a port is br0, and another interface than the bridge itself was wanted, ignoring"],
    ["rd.peerdns=maybe", "it is maybe, and 1, yes, on, true, 0, no, off or false was wanted, ignoring"],
    ["rd.bootif=", "it is empty, and 1, yes, on, true, 0, no, off or false was wanted, ignoring"],
    ["rd.net.timeout.dhcp=soon", "it is soon, and a number of seconds was wanted, ignoring"],
  ])("complains of %s", (word, what) => {
    expect(options(word).complaints).toEqual([`Cannot use ${word}: ${what}`]);
  });
});

test("readNetworkOptions() throws for no value of any word", () => {
  const words = [
    "ip",
    "vlan",
    "bond",
    "bridge",
    "rd.route",
    "ifname",
    "nameserver",
    "bootdev",
    "BOOTIF",
    "team",
    "rd.net.dhcp.retry",
  ];
  const pieces = [
    "",
    ":",
    "[",
    "]",
    "/",
    "=",
    "10.0.0.1",
    "eth0",
    "mode=1",
    "52:54:00:12:34:56",
    ",",
    "[::]/0",
    "99999",
    "all",
  ];
  for (const word of words)
    for (const a of pieces)
      for (const b of pieces)
        for (const c of pieces) expect(readNetworkOptions([`${word}=${a}${b}:${c}`]).peerDns).toBe(true);
});
