import { expect, test } from "bun:test";
import { createLab, type Lab, TEST_LIMIT } from "./lab.ts";
import { startAnswerer, startClaimer, startClient, startDnsmasq, startKea } from "./programs.ts";

const POOL = "10.9.0.50,10.9.0.60";
const KEA = { pool: "10.9.0.50 - 10.9.0.60", lease: 600 };

const addresses = (lab: Lab) => lab.run("client", "ip -4 -o address show dev eth0");

test.concurrent(
  "the address that the boot loader had is asked for first: one exchange, no second address (P6)",
  async () => {
    await using lab = await createLab();
    const server = await startDnsmasq(lab, POOL);
    const firmware = startClient(lab);
    const [, address = ""] = await firmware.expect(/-> BOUND (10\.9\.0\.5\d)/);
    await firmware.stop();
    await lab.run("client", "ip address flush dev eth0");
    await server.expect(/DHCPACK/);
    const before = server.output.length;
    const client = startClient(lab, address);
    await client.expect(/INIT-REBOOT -> REBOOTING/);
    await client.expect(new RegExp(`REBOOTING -> PROBING ${address}`));
    await client.expect(new RegExp(`-> BOUND ${address}`));
    await server.expect(/DHCPACK/);
    const exchange = server.output.slice(before);
    expect(exchange.match(/DHCPREQUEST/g)).toHaveLength(1);
    expect(exchange).not.toContain("DHCPDISCOVER");
  },
  TEST_LIMIT,
);

test.concurrent(
  "an address of another network is refused, and a new one comes at once",
  async () => {
    await using lab = await createLab();
    await startDnsmasq(lab, POOL);
    const client = startClient(lab, "10.7.0.7");
    await client.expect(/REBOOTING -> INIT \(refused by 10\.9\.0\.1/);
    await client.expect(/-> BOUND 10\.9\.0\.5\d/);
  },
  TEST_LIMIT,
);

test.concurrent(
  "an address that another machine has is declined, and the next one is taken (RFC 5227)",
  async () => {
    await using lab = await createLab();
    await lab.run("other", "ip address add 10.9.0.50/24 dev srv");
    const server = await startDnsmasq(lab, POOL, ["--dhcp-host=52:54:00:12:34:56,10.9.0.50"]);
    const client = startClient(lab);
    await client.expect(/-> INIT \(10\.9\.0\.50 is in use by [0-9a-f:]{17}\)/);
    await server.expect(/DHCPDECLINE\(srv\) 10\.9\.0\.50/);
    expect(await addresses(lab)).toBe("");
    const [, address] = await client.expect(/-> BOUND (10\.9\.0\.\d+)\//);
    expect(address).not.toBe("10.9.0.50");
    await client.expect(/lease \{/);
    expect(await addresses(lab)).toContain(`inet ${address}/24`);
  },
  TEST_LIMIT,
);

test.concurrent(
  "an address that another machine answers for after 100 ms is given up and declined (RFC 5227)",
  async () => {
    await using lab = await createLab();
    const answerer = startAnswerer(lab, "10.9.0.50", 100);
    await answerer.expect(/listening/);
    const server = await startDnsmasq(lab, "10.9.0.50,10.9.0.50");
    const client = startClient(lab);
    await client.expect(/PROBING -> BOUND 10\.9\.0\.50/);
    await client.expect(/BOUND -> INIT \(10\.9\.0\.50 is in use by [0-9a-f:]{17}\)/);
    await client.expect(/lease withdrawn/);
    await server.expect(/DHCPDECLINE\(srv\) 10\.9\.0\.50/);
    expect(await addresses(lab)).not.toContain("10.9.0.50");
  },
  TEST_LIMIT,
);

test.concurrent(
  "an address that another machine takes in mid-life is defended once, and then declined for another (RFC 5227)",
  async () => {
    await using lab = await createLab();
    const server = await startDnsmasq(lab, POOL);
    const client = startClient(lab);
    const [, address = ""] = await client.expect(/-> BOUND (10\.9\.0\.5\d)/);
    // Said once more when late answers to its probe do not count any more.
    for (let count = 0; count < 2; count++) await client.expect(new RegExp(`state: ${address} from`));
    const tagged = startClaimer(lab, address, 7);
    for (let count = 0; count < 2; count++) await tagged.expect(/claimed by/);
    expect(client.output).not.toContain("defended");
    await tagged.stop();
    const claimer = startClaimer(lab, address);
    await client.expect(new RegExp(`${address} is defended against [0-9a-f:]{17}`));
    await claimer.expect(/defended by 52:54:00:12:34:56/);
    await client.expect(new RegExp(`-> INIT \\(${address} is in use by`));
    await client.expect(/lease withdrawn/);
    await server.expect(new RegExp(`DHCPDECLINE\\(srv\\) ${address}`));
    const [, next] = await client.expect(/-> BOUND (10\.9\.0\.\d+)\//);
    expect(next).not.toBe(address);
  },
  TEST_LIMIT,
);

test.concurrent(
  "a lease is given back to dnsmasq when the machine is powered off",
  async () => {
    await using lab = await createLab();
    const server = await startDnsmasq(lab, POOL);
    const client = startClient(lab);
    const [, address] = await client.expect(/-> BOUND (10\.9\.0\.5\d)/);
    await client.expect(/lease \{/);
    client.terminate();
    await client.expect(/given back/);
    await server.expect(new RegExp(`DHCPRELEASE\\(srv\\) ${address} 52:54:00:12:34:56`));
    expect(await Bun.file(`${lab.files}/leases`).text()).not.toContain(address!);
  },
  TEST_LIMIT,
);

test.concurrent(
  "a lease is given back to Kea when the machine is powered off",
  async () => {
    await using lab = await createLab();
    const server = await startKea(lab, KEA);
    const client = startClient(lab);
    await client.expect(/-> BOUND 10\.9\.0\.5\d/);
    await client.expect(/lease \{/);
    client.terminate();
    await server.expect(/DHCP4_RELEASE /);
  },
  TEST_LIMIT,
);

test.concurrent(
  "a switch that holds its port for 30 s (STP) is waited for, and named (P3)",
  async () => {
    await using lab = await createLab({ forwardDelay: 15 });
    await startDnsmasq(lab, POOL);
    const client = startClient(lab);
    await client.expect(/link up, no answer to DHCP: the switch may still hold the port \(STP\)/);
    expect(client.output).not.toContain("BOUND");
    await client.expect(/-> BOUND 10\.9\.0\.5\d/);
  },
  TEST_LIMIT,
);
