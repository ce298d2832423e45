import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createLab, type Lab, TEST_LIMIT } from "./lab.ts";
import { startClient, startDnsmasq, startKea } from "./programs.ts";

/** A lease that is renewed after 2 s, rebound after 4 s, over after 8 s; where nobody renews it in time, as is wanted. */
const SHORT = { pool: "10.9.0.50 - 10.9.0.60", lease: 8 };
/** One that is renewed after 6 s and rebound after 12 s: a server may take as long to answer, or to start. */
const LONGER = { ...SHORT, lease: 24 };

const addresses = (lab: Lab) => lab.run("client", "ip -4 -o address show dev eth0");

describe("with dnsmasq", () => {
  test.concurrent(
    "a lease is granted and applied",
    async () => {
      await using lab = await createLab();
      const more = ["--dhcp-option=26,1400", "--dhcp-option=121,0.0.0.0/0,10.9.0.1,10.8.0.0/16,10.9.0.2"];
      const server = await startDnsmasq(lab, "10.9.0.50,10.9.0.60", more);
      const client = startClient(lab);
      const [, address] = await client.expect(
        /PROBING -> BOUND (10\.9\.0\.5\d)\/24 from 10\.9\.0\.1 for 120 s/,
      );
      await client.expect(/lease \{.*"hostname":"node77"/);

      expect(await addresses(lab)).toContain(
        `inet ${address}/24 metric 100 brd 10.9.0.255 scope global dynamic`,
      );
      const routes = await lab.run("client", "ip -4 route");
      expect(routes).toMatch(/^default via 10\.9\.0\.1 dev eth0 .*metric 100/m);
      expect(routes).toMatch(/^10\.8\.0\.0\/16 via 10\.9\.0\.2 dev eth0/m);
      expect(routes).toMatch(/^10\.9\.0\.0\/24 dev eth0 proto kernel .*metric 100/m);
      expect(await lab.run("client", "ip link show dev eth0")).toContain("mtu 1400");
      await server.expect(/vendor class: clump/);
      await server.expect(/client provides name: node77/);
    },
    TEST_LIMIT,
  );

  test.concurrent(
    "a server that appears later is found by the next DISCOVER",
    async () => {
      await using lab = await createLab();
      const client = startClient(lab);
      await client.expect(/no answer to DHCP/);
      await startDnsmasq(lab, "10.9.0.50,10.9.0.60");
      await client.expect(/-> BOUND 10\.9\.0\.5\d/);
    },
    TEST_LIMIT,
  );

  test.concurrent(
    "a dead cable that comes to life is used at once",
    async () => {
      await using lab = await createLab();
      await startDnsmasq(lab, "10.9.0.50,10.9.0.60");
      await lab.plug(false);
      const client = startClient(lab);
      await client.expect(/state: no cable, no carrier/);
      // Long enough for a first DISCOVER to be sent, had it been.
      await Bun.sleep(1_000);
      expect(client.output).not.toContain("SELECTING");
      await lab.plug(true);
      await client.expect(/-> BOUND 10\.9\.0\.5\d/);
    },
    TEST_LIMIT,
  );

  test.concurrent(
    "a cable pulled and plugged in again keeps the address, which is verified",
    async () => {
      await using lab = await createLab();
      await startDnsmasq(lab, "10.9.0.50,10.9.0.60");
      const client = startClient(lab);
      const [, address] = await client.expect(/-> BOUND (10\.9\.0\.5\d)/);
      await lab.plug(false);
      await client.expect(/BOUND .*\(no carrier\)/);
      expect(await addresses(lab)).toContain(`inet ${address}/24`);
      await lab.plug(true);
      await client.expect(/BOUND -> REBINDING/);
      await client.expect(new RegExp(`REBINDING -> BOUND ${address}`));
    },
    TEST_LIMIT,
  );

  test.concurrent(
    "a cable plugged into another network gives up the address for a new one",
    async () => {
      await using lab = await createLab();
      const old = await startDnsmasq(lab, "10.9.0.50,10.9.0.60");
      const client = startClient(lab);
      await client.expect(/-> BOUND 10\.9\.0\.5\d/);
      await lab.plug(false);
      await old.stop();
      await lab.run("server", "ip address flush dev srv");
      await lab.run("server", "ip address add 10.7.0.1/24 dev srv");
      await startDnsmasq(lab, "10.7.0.70,10.7.0.79");
      await lab.plug(true);
      await client.expect(/REBINDING -> INIT \(refused by 10\.7\.0\.1/);
      await client.expect(/-> BOUND 10\.7\.0\.7\d/);
      await client.expect(/lease \{/);
      expect(await addresses(lab)).not.toContain("10.9.0");
    },
    TEST_LIMIT,
  );

  test.concurrent(
    "a pool that moved is followed: refused at T1, the new address at once",
    async () => {
      await using lab = await createLab();
      // The second server is there by then.
      const early = ["--dhcp-option=option:T1,8", "--dhcp-option=option:T2,100"];
      const first = await startDnsmasq(lab, "10.9.0.50,10.9.0.60", early);
      const client = startClient(lab);
      await client.expect(/-> BOUND 10\.9\.0\.5\d/);
      await first.stop();
      await Bun.write(join(lab.files, "leases"), "");
      await startDnsmasq(lab, "10.9.0.70,10.9.0.79", early);
      await client.expect(/RENEWING -> INIT \(refused by 10\.9\.0\.1: address not available\)/);
      await client.expect(/-> BOUND 10\.9\.0\.7\d/);
      await client.expect(/lease \{/);
      expect(await addresses(lab)).not.toContain("10.9.0.5");
    },
    TEST_LIMIT,
  );
});

describe("with Kea", () => {
  test.concurrent(
    "a short lease is renewed at T1, from our address, without a word of ICMP",
    async () => {
      await using lab = await createLab();
      const server = await startKea(lab, LONGER);
      const client = startClient(lab);
      await client.expect(/-> BOUND 10\.9\.0\.5\d\/24 from 10\.9\.0\.1 for 24 s/);
      // Kea opens its socket before it limits it to DHCP, and complains of frames that come between.
      const before = server.output.length;
      for (let renewal = 0; renewal < 3; renewal++) await client.expect(/RENEWING -> BOUND/);
      expect(client.output).not.toContain("REBINDING");
      const said = server.output.slice(before).split("\n");
      expect(said.filter((line) => line.includes("ERROR"))).toEqual([]);
      const [names, values] = (await lab.run("client", "grep Icmp: /proc/net/snmp"))
        .trim()
        .split("\n")
        .map((line) => line.split(" "));
      expect(names!.length).toBeGreaterThan(10);
      expect(values![names!.indexOf("OutDestUnreachs")]).toBe("0");
    },
    TEST_LIMIT,
  );

  test.concurrent(
    "a server that restarts is found again before the lease ends",
    async () => {
      await using lab = await createLab();
      const first = await startKea(lab, LONGER);
      const client = startClient(lab);
      const [, address] = await client.expect(/-> BOUND (10\.9\.0\.5\d)/);
      await first.stop();
      await client.expect(/BOUND -> RENEWING/);
      await client.expect(/RENEWING -> REBINDING/);
      await startKea(lab, LONGER);
      await client.expect(new RegExp(`REBINDING -> BOUND ${address}`));
      expect(client.output).not.toContain("withdrawn");
    },
    TEST_LIMIT,
  );

  test.concurrent(
    "a lease that nobody renews ends, its address goes, and a later server grants anew",
    async () => {
      await using lab = await createLab();
      const first = await startKea(lab, SHORT);
      const client = startClient(lab);
      await client.expect(/-> BOUND 10\.9\.0\.5\d/);
      await client.expect(/lease \{/);
      await first.stop();
      await client.expect(/REBINDING -> INIT \(the lease of 10\.9\.0\.5\d has ended\)/);
      await client.expect(/lease withdrawn/);
      expect(await addresses(lab)).toBe("");
      await startKea(lab, SHORT);
      await client.expect(/-> BOUND 10\.9\.0\.5\d/);
    },
    TEST_LIMIT,
  );

  test.concurrent(
    "of two servers one is taken, and when it dies the other takes over",
    async () => {
      await using lab = await createLab();
      const servers = {
        "10.9.0.1": await startKea(lab, LONGER),
        "10.9.0.2": await startKea(lab, { ...LONGER, pool: "10.9.0.80 - 10.9.0.89", side: "other" }),
      };
      const client = startClient(lab);
      const [, server] = await client.expect(/-> BOUND \S+ from (10\.9\.0\.[12]) /);
      await client.expect(/RENEWING -> BOUND/);
      const taken = server as keyof typeof servers;
      await servers[taken].stop();
      const left = taken === "10.9.0.1" ? "10.9.0.2" : "10.9.0.1";
      await client.expect(new RegExp(`-> BOUND \\S+ from ${left.replaceAll(".", "\\.")} `));
    },
    TEST_LIMIT,
  );
});
