import { expect, test } from "bun:test";
import { startDhcpServer } from "../../assets/qemu/lan/dhcp-server.ts";
import { timeFactor } from "../../assets/qemu/vm.ts";
import { BOOT, bootNode, CONFIGURED, ENTERED, SOON } from "../lib/node.ts";
import { openShell, output } from "../lib/shell.ts";

const DISCOVER = 1;
const REQUEST = 3;
const SERVER = { server: "192.168.7.1", client: "192.168.7.77", leaseSeconds: 3600 };

test("four NICs with a server on the last only: the last is taken, about as soon as if it were alone", async () => {
  const nobody = { model: "e1000", network: { kind: "nobody" } } as const;
  await using alone = await bootNode({ name: "one-nic", nics: [{ model: "e1000" }] });
  await alone.console.expect(CONFIGURED, BOOT);
  await alone[Symbol.asyncDispose]();
  await using vm = await bootNode({ name: "four-nics", nics: [nobody, nobody, nobody, { model: "e1000" }] });
  expect((await vm.console.expect(CONFIGURED, BOOT))[3]).toBe("eth3");
  const later = bootSeconds(vm.console.text) - bootSeconds(alone.console.text);
  expect(later).toBeLessThan(4 * timeFactor());
});

test("without a NIC the mode is entered and says so", async () => {
  await using vm = await bootNode({ name: "no-nic", nics: [] });
  await vm.console.expect(ENTERED, BOOT);
  await vm.console.expect("no ethernet devices configured", SOON);
  await vm.console.expect("photograph this screen", SOON);
  expect(vm.console.text).not.toMatch(CONFIGURED);
});

test("without a DHCP server the mode is entered, says so, and the node goes on asking", async () => {
  using server = startDhcpServer(SERVER);
  server.answers = false;
  await using vm = await bootNode({ name: "no-server", nics: [onWire(server.path)] });
  await vm.console.expect(ENTERED, BOOT);
  await vm.console.expect("not configured yet", SOON);
  const asked = server.requests.length;
  await until(() => server.requests.length >= asked + 1, 40);
  expect(server.requests.every(({ type }) => type === DISCOVER)).toBe(true);
  expect(vm.console.text).not.toMatch(CONFIGURED);
});

test("a server that appears after 30 s configures the node without anybody's help", async () => {
  using server = startDhcpServer(SERVER);
  server.answers = false;
  await using vm = await bootNode({ name: "late-server", append: "debug", nics: [onWire(server.path)] });
  await vm.console.expect(ENTERED, BOOT);
  const first = server.requests[0]?.at ?? performance.now();
  await Bun.sleep(Math.max(first + 30_000 - performance.now(), 0));
  expect(vm.console.text).not.toMatch(CONFIGURED);
  server.answers = true;
  // RFC 2131, section 4.1: the waits double to 64 s.
  const [, node] = await vm.console.expect(CONFIGURED, { within: 70 });
  expect(node).toBe("77");
  await vm.console.expect("192.168.7.77", SOON);
});

test("a dead carrier that comes up later gets its lease at once", async () => {
  await using vm = await bootNode({
    name: "late-carrier",
    append: "debug",
    nics: [{ model: "e1000", carrier: false }],
  });
  await vm.console.expect(ENTERED, BOOT);
  await vm.console.expect("not configured yet", SOON);
  await vm.qmp.execute("set_link", { name: "nic0", up: true });
  expect((await vm.console.expect(CONFIGURED, { within: 10 }))[3]).toBe("eth0");
});

test("a NIC that is plugged in later gets its driver and its lease", async () => {
  await using vm = await bootNode({ name: "late-nic", append: "debug", nics: [] });
  await vm.console.expect(ENTERED, BOOT);
  await vm.qmp.execute("netdev_add", { type: "user", id: "late" });
  await vm.qmp.execute("device_add", { driver: "e1000", netdev: "late", romfile: "" });
  expect((await vm.console.expect(CONFIGURED, SOON))[3]).toBe("eth0");
});

test("a lease of 20 s is renewed, by unicast, and the address stays", async () => {
  using server = startDhcpServer({ ...SERVER, leaseSeconds: 20 });
  await using vm = await bootNode({ name: "renewal", append: "expert", nics: [onWire(server.path)] });
  await vm.console.expect(CONFIGURED, BOOT);
  const renewals = () => server.requests.filter(({ type, to }) => type === REQUEST && to === SERVER.server);
  await until(() => renewals().length >= 2, 40);
  const [first, second] = renewals();
  expect(second!.at - first!.at).toBeWithin(8_000, 14_000);
  await openShell(vm, SOON);
  expect(await output(vm, "ip -4 addr show eth0")).toContain("inet 192.168.7.77/24");
  expect(server.requests.filter(({ type }) => type === DISCOVER).length).toBe(1);
}, 200_000);

test("a lease that nobody renews goes away with its address", async () => {
  using server = startDhcpServer({ ...SERVER, leaseSeconds: 20 });
  await using vm = await bootNode({ name: "expiry", append: "expert", nics: [onWire(server.path)] });
  await vm.console.expect(CONFIGURED, BOOT);
  server.answers = false;
  await openShell(vm, BOOT);
  await output(vm, "while ip -4 addr show eth0 | grep -q inet; do sleep 1; done", { within: 40 });
  expect(await output(vm, "dmesg | grep clump:")).toContain("not configured any more");
});

function onWire(path: string) {
  return { model: "virtio-net-pci", network: { kind: "socket", path } } as const;
}

/** The kernel's own clock at the first line that says configured. */
function bootSeconds(text: string): number {
  return Number(/\[ *([\d.]+)\] clump: configured/.exec(text)?.[1]);
}

/** Looks twice a second: what a server has received gives no event. */
async function until(condition: () => boolean, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * timeFactor() * 1000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Cannot see it happen within ${seconds} s`);
    await Bun.sleep(500);
  }
}
