import { afterEach, expect, jest, test } from "bun:test";
import { existsSync } from "node:fs";
import { createOwnNetwork, fetchServeFiles, findServeProblems } from "../../../init/serving.ts";
import type { ServeRequest } from "../../../modes/serve/serve-request.ts";
import type { Nic } from "../../../probes/network/nic.ts";
import type { LinkPlan } from "../../../probes/network/plan.ts";
import { LEASE, NIC, networkOf } from "../../fixtures/lease.ts";
import { makeRoot } from "../../fixtures/root.ts";
import { FakeLog, fakeMachine, settle } from "../../lib/fake-kernel.ts";

const REQUEST: ServeRequest = { pool: ["192.168.77.2", "192.168.77.254"], isAsked: false };

afterEach(() => void jest.useRealTimers());

function bench(request = REQUEST, failure?: Error) {
  const sleeps: { readonly seconds: number; readonly end: () => void }[] = [];
  const sleep = (seconds: number) => new Promise<void>((end) => void sleeps.push({ seconds, end }));
  const log = new FakeLog();
  const configured: (readonly [string, LinkPlan])[] = [];
  const network = createOwnNetwork({ log }, request, {
    preferred: ["0000:00:04.0", "eth9"],
    ...{ sleep, random: () => 0.5 },
  });
  const follow = (...nics: Nic[]) => {
    const configure = (name: string, plan: LinkPlan): void => {
      if (failure) throw failure;
      configured.push([name, plan]);
    };
    network.follow({ ...networkOf(...nics), configure });
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

test("createOwnNetwork() outlasts a switch, asks once more, then gives an interface with a cable its own address", async () => {
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

test("createOwnNetwork() waits less where the addresses were named", async () => {
  const { sleeps, kinds, follow, pass } = bench({ ...REQUEST, isAsked: true });
  follow(WAITING);
  await pass();
  expect(kinds()).toEqual(["eth0 static"]);
  expect(sleeps.map(({ seconds }) => seconds)).toEqual([10]);
});

test("createOwnNetwork() has the servers behind a cable that comes later asked for as long", async () => {
  const { sleeps, kinds, follow, pass } = bench({ ...REQUEST, isAsked: true });
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

test("createOwnNetwork() does nothing once the cable is out", async () => {
  const { kinds, follow, pass } = bench({ ...REQUEST, isAsked: true });
  follow(WAITING);
  follow(UNPLUGGED);
  await pass();
  expect(kinds()).toEqual([]);
});

test("createOwnNetwork() leaves a network alone that has a DHCP server, or had one", async () => {
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
])("createOwnNetwork() %s", async (_, first, second) => {
  const { kinds, follow, pass } = bench({ ...REQUEST, isAsked: true });
  follow(first, second);
  await pass();
  expect(kinds()).toEqual(["eth1 static"]);
});

test("createOwnNetwork() says what keeps it from its network", async () => {
  const { log, follow, pass } = bench({ ...REQUEST, isAsked: true }, new Error("it is gone"));
  follow(WAITING);
  await pass();
  expect(log.lines.at(-1)).toBe("warn: Cannot make a network: it is gone, ignoring");
});

test("findServeProblems() names what was not loaded, where it was asked for", () => {
  using root = makeRoot();
  expect(findServeProblems(root.path, undefined)).toEqual([]);
  expect(findServeProblems(root.path, REQUEST)).toEqual([expect.stringContaining("serve.img was wanted")]);
  root.write({ "/srv/boot/clump/vmlinuz": "" });
  expect(findServeProblems(root.path, REQUEST)).toEqual([]);
});

test("fetchServeFiles() ends one that is not done, clears away what it leaves, and does not wait for it", async () => {
  jest.useFakeTimers();
  using root = makeRoot({ "/srv.partial/serve.img": "half of i" });
  const machine = fakeMachine(root.path);
  const fetching = fetchServeFiles(machine, { backTheCd: true });
  jest.advanceTimersByTime(100_000);
  await expect(fetching).rejects.toThrow("serve.img did not come from a CD or USB stick within 100 s");
  expect(machine.children.all[0]?.signals).toEqual(["SIGKILL"]);
  expect(machine.kernel.calls).toEqual([`unmount ${root.path}/run/clump/medium lazily`]);
  expect(existsSync(`${root.path}/srv.partial`)).toBe(false);
});
