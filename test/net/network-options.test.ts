import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { CLIENT_MAC, createLab, type Lab, type Program, TEST_LIMIT } from "./lab.ts";
import { startDnsmasq } from "./programs.ts";

const POOL = "10.9.0.50,10.9.0.60";

/** A veth has no hardware under it: what /sys says of that is made up, and all else is the kernel's. */
function startNode(lab: Lab, ...words: string[]): Program {
  const root = join(lab.files, "root");
  for (const name of ["eth0", "lan"]) mkdirSync(`${root}/sys/class/net/${name}/device`, { recursive: true });
  symlinkSync("/proc", `${root}/proc`);
  return lab.start("client", [
    process.execPath,
    `${import.meta.dir}/network-options-client.ts`,
    root,
    ...words,
  ]);
}

/** Until the client's kernel says so: what is done about a link that was down gives no word. */
async function waitFor(lab: Lab, command: string, pattern: RegExp): Promise<void> {
  while (!pattern.test(await lab.run("client", command))) await Bun.sleep(200);
}

test.concurrent(
  "a card gets name, MAC, MTU, addresses of both kinds and routes as they were typed",
  async () => {
    await using lab = await createLab();
    await lab.run("server", "ip address add fd00::1/64 dev srv nodad");
    const node = startNode(
      ...[lab, `ifname=lan:${CLIENT_MAC}`, "rd.route=10.8.0.0/16:10.9.0.2", "rd.route=[fd01::]/16:[fd00::2]"],
      "ip=10.9.0.77::10.9.0.1:255.255.255.0:pc77:lan:none:1400:52:54:00:aa:bb:cc",
      "ip=[fd00::77]::[fd00::1]:64::lan:none",
    );
    await node.expect(/"name":"lan","text":"10\.9\.0\.77, static"/);
    const link = await lab.run("client", "ip address show dev lan");
    for (const part of ["mtu 1400", "link/ether 52:54:00:aa:bb:cc", "inet6 fd00::77/64"]) {
      expect(link).toContain(part);
    }
    expect(link).toContain("inet 10.9.0.77/24 metric 100 brd 10.9.0.255");
    const routes = await lab.run("client", "ip -4 route");
    expect(routes).toMatch(/^default via 10\.9\.0\.1 dev lan .*src 10\.9\.0\.77 metric 100/m);
    expect(routes).toMatch(/^10\.8\.0\.0\/16 via 10\.9\.0\.2 dev lan/m);
    const routes6 = await lab.run("client", "ip -6 route");
    expect(routes6).toMatch(/^default via fd00::1 dev lan/m);
    expect(routes6).toMatch(/^fd01::\/16 via fd00::2 dev lan/m);
    expect(node.output).toContain('"problems":[]');

    await lab.run("client", "ip link set lan down");
    await lab.run("client", "ip link set lan up");
    // All that the kernel has dropped is back, the last of it last.
    await waitFor(lab, "ip -6 route", /^fd01::\/16 via fd00::2 dev lan/m);
    expect(await lab.run("client", "ip -4 route")).toMatch(/^10\.8\.0\.0\/16 via 10\.9\.0\.2 dev lan/m);
    expect(await lab.run("client", "ip address show dev lan")).toContain("inet6 fd00::77/64");
  },
  TEST_LIMIT,
);

test.concurrent(
  "DHCP steps in for what cannot be read, and its answer is amended",
  async () => {
    await using lab = await createLab();
    await startDnsmasq(lab, POOL, ["--dhcp-option=6,10.9.0.53"]);
    const words = ["ip=10.9.0.300:::24::eth0:none", "ip=eth0:dhcp:1400", "rd.peerdns=0"];
    const node = startNode(lab, ...words, "rd.route=10.8.0.0/16:10.9.0.2");
    await node.expect(/the client address is 10\.9\.0\.300, and four numbers .* using DHCP/);
    await node.expect(/"lease":\{"address":"10\.9\.0\.5\d".*"dns":\[\]/);
    expect(await lab.run("client", "ip -4 route")).toMatch(/^10\.8\.0\.0\/16 via 10\.9\.0\.2 dev eth0/m);
    expect(await lab.run("client", "ip link show dev eth0")).toContain("mtu 1400");
  },
  TEST_LIMIT,
);

test.concurrent(
  "a server is asked for the address that was typed, by the name that was typed",
  async () => {
    await using lab = await createLab();
    await startDnsmasq(lab, POOL);
    const node = startNode(lab, "ip=10.9.0.57:::::eth0:dhcp", "ip=dhcp,0,rack7");
    await node.expect(/"lease":\{"address":"10\.9\.0\.57"/);
    const id = Buffer.from("\0rack7")
      .toString("hex")
      .replace(/(..)(?=.)/g, "$1:");
    expect(await Bun.file(`${lab.files}/leases`).text()).toContain(`10.9.0.57 * ${id}`);
  },
  TEST_LIMIT,
);

test.concurrent(
  "a bridge gets a lease by its port, at once, and by the address of that",
  async () => {
    await using lab = await createLab();
    await startDnsmasq(lab, POOL);
    const node = startNode(lab, "bridge=br0:eth0");
    await node.expect(/"name":"br0","text":"10\.9\.0\.5\d from 10\.9\.0\.1"/);
    expect(node.output).toContain('"name":"eth0","text":"part of br0"');
    expect(await lab.run("client", "bridge link show dev eth0")).toMatch(/master br0 state forwarding/);
    const bridge = await lab.run("client", "ip -d link show dev br0");
    for (const part of [`link/ether ${CLIENT_MAC}`, "forward_delay 0 ", "stp_state 0 "])
      expect(bridge).toContain(part);

    expect(await lab.run("client", "ip -6 address show dev eth0")).toBe("");
    await lab.run("client", "ip link set eth0 nomaster");
    await node.expect(/"name":"br0","text":"10\.9\.0\.5\d from 10\.9\.0\.1, no cable"/);
    expect(node.output).not.toContain("eth0 is gone");
  },
  TEST_LIMIT,
);

test.concurrent(
  "a card that is to be left alone is, and one may have IPv6 alone",
  async () => {
    await using lab = await createLab();
    const server = await startDnsmasq(lab, POOL);
    const off = startNode(lab, "ip=eth0:off");
    await off.expect(/"name":"eth0","text":"left alone, as ip= asks"/);
    await off.stop();
    const six = lab.start("client", [
      process.execPath,
      `${import.meta.dir}/network-options-client.ts`,
      `${lab.files}/root`,
      "ip=auto6",
    ]);
    await six.expect(/"text":"IPv6 alone, as ip= asks/);
    expect(await lab.run("client", "cat /proc/sys/net/ipv6/conf/eth0/disable_ipv6")).toBe("0\n");
    expect(await lab.run("client", "ip -4 address show dev eth0")).not.toContain("inet ");
    expect(server.output).not.toContain("DHCPDISCOVER");
  },
  TEST_LIMIT,
);

test.concurrent(
  "an interface that is not there leaves the others to DHCP, and is named",
  async () => {
    await using lab = await createLab();
    await startDnsmasq(lab, POOL);
    const node = startNode(lab, "ip=10.9.0.77:::24::ens9:none");
    await node.expect(/Cannot use ip= for ens9: no network interface has that name, and there is eth0/);
    await node.expect(/"lease":\{"address":"10\.9\.0\.5\d"/);
  },
  TEST_LIMIT,
);

test.concurrent(
  "a fixed address that another machine has is used, and both are named",
  async () => {
    await using lab = await createLab();
    const node = startNode(lab, "ip=10.9.0.2:::24::eth0:none");
    const mac = /link\/ether (\S+)/.exec(await lab.run("other", "ip link show dev srv"))?.[1];
    await node.expect(new RegExp(`10\\.9\\.0\\.2 of eth0 is the address of ${mac} too`));
    expect(await lab.run("client", "ip -4 address show dev eth0")).toContain("inet 10.9.0.2/24");
  },
  TEST_LIMIT,
);
