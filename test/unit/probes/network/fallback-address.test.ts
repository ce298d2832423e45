import { expect, test } from "bun:test";
import { FallbackAddress } from "../../../../probes/network/fallback-address.ts";
import type { Nic } from "../../../../probes/network/nic.ts";
import type { LinkPlan } from "../../../../probes/network/plan.ts";
import { LEASE, NIC, networkOf } from "../../../fixtures/lease.ts";
import { FakeLog, settle } from "../../../lib/fake-kernel.ts";

function bench({ expectsServer = true, failure }: { expectsServer?: boolean; failure?: Error } = {}) {
  const sleeps: { readonly seconds: number; readonly end: () => void }[] = [];
  const log = new FakeLog();
  const configured: (readonly [string, LinkPlan])[] = [];
  const fallback = new FallbackAddress({
    ...{ address: "192.168.77.1", pool: "192.168.77.2 to 192.168.77.254", expectsServer, log },
    preferred: ["0000:00:04.0", "eth9"],
    sleep: (seconds) => new Promise<void>((end) => void sleeps.push({ seconds, end })),
    random: () => 0.5,
  });
  const follow = (...nics: Nic[]) => {
    const configure = (name: string, plan: LinkPlan): void => {
      if (failure) throw failure;
      configured.push([name, plan]);
    };
    fallback.update({ ...networkOf(...nics), configure });
  };
  const pass = async () => {
    sleeps.at(-1)?.end();
    await settle();
  };
  const kinds = () => configured.map(([name, { kind }]) => `${name} ${kind}`);
  return { sleeps, log, configured, kinds, follow, pass };
}

const WAITING: Nic = NIC;
const LEASED: Nic = { ...NIC, lease: LEASE };
const OTHER: Nic = { ...WAITING, link: { ...NIC.link, index: 3, name: "eth1" } };
const UNPLUGGED: Nic = { ...WAITING, link: { ...NIC.link, carrier: false } };

test("FallbackAddress outlasts a switch, asks once more, then gives an interface with a cable its own address", async () => {
  const { sleeps, log, configured, kinds, follow, pass } = bench();
  follow(UNPLUGGED, WAITING);
  await pass();
  expect(kinds()).toEqual(["eth0 dhcp"]);
  await pass();
  follow(WAITING);
  expect(kinds()).toEqual(["eth0 dhcp", "eth0 static"]);
  expect(sleeps.map(({ seconds }) => seconds)).toEqual([36, 8]);
  expect(configured[1]).toMatchObject(["eth0", { lease: { address: "192.168.77.1", prefix: 24 } }]);
  expect(log.lines).toEqual([
    "warn: no DHCP server answered on eth0: this node takes 192.168.77.1 and gives away 192.168.77.2 to 192.168.77.254",
  ]);
});

test("FallbackAddress waits less where the addresses were named", async () => {
  const { sleeps, kinds, follow, pass } = bench({ expectsServer: false });
  follow(WAITING);
  await pass();
  expect(kinds()).toEqual(["eth0 static"]);
  expect(sleeps.map(({ seconds }) => seconds)).toEqual([10]);
});

test("FallbackAddress has the servers behind a cable that comes later asked for as long", async () => {
  const { sleeps, kinds, follow, pass } = bench({ expectsServer: false });
  follow(UNPLUGGED);
  expect(sleeps).toEqual([]);
  follow(WAITING);
  follow(WAITING, OTHER);
  sleeps[0]?.end();
  await settle();
  expect(kinds()).toEqual([]);
  await pass();
  expect(kinds()).toEqual(["eth0 static"]);
  expect(sleeps).toHaveLength(2);
});

test("FallbackAddress does nothing once the cable is out", async () => {
  const { kinds, follow, pass } = bench({ expectsServer: false });
  follow(WAITING);
  follow(UNPLUGGED);
  await pass();
  expect(kinds()).toEqual([]);
});

test("FallbackAddress leaves a network alone that has a DHCP server, or had one", async () => {
  const { sleeps, kinds, follow, pass } = bench();
  follow(WAITING);
  await pass();
  follow(LEASED);
  await pass();
  follow(WAITING);
  await pass();
  expect(kinds()).toEqual(["eth0 dhcp"]);
  expect(sleeps).toHaveLength(2);
});

test.each<[what: string, first: Nic, second: Nic]>([
  ["passes over one that is left alone", { ...WAITING, idle: "for good", text: "part of bond0" }, OTHER],
  ["passes over that of a BMC", { ...WAITING, bus: "of the BMC" }, OTHER],
  ["takes the one that was asked for", WAITING, { ...OTHER, names: ["eth1", "0000:00:04.0"] }],
])("FallbackAddress %s", async (_, first, second) => {
  const { kinds, follow, pass } = bench({ expectsServer: false });
  follow(first, second);
  await pass();
  expect(kinds()).toEqual(["eth1 static"]);
});

test("FallbackAddress says what keeps it from its network", async () => {
  const { log, follow, pass } = bench({ expectsServer: false, failure: new Error("it is gone") });
  follow(WAITING);
  await pass();
  expect(log.lines.at(-1)).toBe("warn: Cannot make a network: it is gone, ignoring");
});
