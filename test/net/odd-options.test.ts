import { expect, test } from "bun:test";
import { createLab, TEST_LIMIT } from "./lab.ts";
import { startClient, startDnsmasq } from "./programs.ts";

const POOL = "10.9.0.50,10.9.0.60";

test.concurrent.each<[string, readonly string[], RegExp]>([
  ["option 54 by hand", ["--dhcp-option=54,10.9.0.1"], /lease \{.*"server":"10\.9\.0\.1"/],
  ["option 54 twice", ["--dhcp-option-force=54,10.9.0.1"], /lease \{.*"server":"10\.9\.0\.1"/],
  [
    "options 51, 58 and 59 twice",
    ["--dhcp-option-force=51,600", "--dhcp-option-force=58,77", "--dhcp-option-force=59,99"],
    /lease \{.*"seconds":\d+,"renewAfter":\d+/,
  ],
  [
    "routes of Microsoft and static routes",
    ["--dhcp-option=249,0.0.0.0/0,10.9.0.1,10.8.0.0/16,10.9.0.2", "--dhcp-option=33,10.7.0.0,10.9.0.2"],
    /lease \{.*"destination":"10\.8\.0\.0","prefix":16,"gateway":"10\.9\.0\.2"/,
  ],
  [
    "search domains",
    ["--dhcp-option=119,lab.example,ad_1.example"],
    /lease \{.*"search":\["lab\.example","ad_1\.example"\]/,
  ],
  ["a small MTU", ["--dhcp-option=26,300"], /Cannot use an MTU of 300: 576 or more was wanted, ignoring/],
])(
  "a lease comes with %s",
  async (_, more, expected) => {
    await using lab = await createLab();
    await startDnsmasq(lab, POOL, more);
    const client = startClient(lab);
    await client.expect(expected);
    await client.expect(/state: 10\.9\.0\.\d+ from 10\.9\.0\.1\n/);
  },
  TEST_LIMIT,
);

test.concurrent(
  "a rebinding arrives where the MTU has become too small for it",
  async () => {
    await using lab = await createLab();
    const server = await startDnsmasq(lab, POOL, ["--dhcp-option-force=58,4", "--dhcp-option-force=59,8"]);
    const client = startClient(lab);
    await client.expect(/-> BOUND 10\.9\.0\.5\d/);
    await server.expect(/DHCPACK/);
    await lab.run("client", "ip link set dev eth0 mtu 300");
    // The renewal, which goes to the server alone, must not arrive.
    await lab.run("client", "ip route add unreachable 10.9.0.1/32");
    await client.expect(/-> REBINDING/);
    await server.expect(/DHCPREQUEST[\s\S]*DHCPACK/);
    expect(client.output).not.toContain("EMSGSIZE");
  },
  TEST_LIMIT,
);
