import { expect, test } from "bun:test";
import { startDhcpServer } from "../../assets/qemu/lan/dhcp-server.ts";
import { BOOT, bootNode, CONFIGURED, ENTERED, SOON } from "../lib/node.ts";
import { openShell, output } from "../lib/shell.ts";
import { until } from "../lib/until.ts";
import { makeStick } from "../lib/usb-stick.ts";

const DISCOVER = 1;
const REQUEST = 3;
const RELEASE = 7;
const SERVER = { server: "192.168.7.1", client: "192.168.7.77", leaseSeconds: 3600 };

/** Seconds on a busy machine: who gave up one card before asking on the next would take as long for each. */
const AT_ONCE = 10;

test("four NICs with a server on the last only: the last is taken at once (P1)", async () => {
  const model = "virtio-net-pci";
  const nobody = { model, network: { kind: "nobody" } } as const;
  await using vm = await bootNode({ name: "four-nics", nics: [nobody, nobody, nobody, { model }] });
  expect((await vm.console.expect(CONFIGURED, BOOT))[3]).toBe("eth3");
  const asked = secondsOf(vm.console.text, "dhcp eth3: INIT -> SELECTING");
  expect(secondsOf(vm.console.text, "configured") - asked).toBeLessThan(AT_ONCE);
});

test("without a NIC the mode is entered and says so, and the report goes to the USB stick", async () => {
  using stick = await makeStick();
  const append = "debug clump.report=usb";
  await using vm = await bootNode({ name: "no-nic", nics: [], append, usbDisk: stick.path });
  await vm.console.expect(ENTERED, BOOT);
  await vm.console.expect("no ethernet devices configured", SOON);
  await vm.console.expect("photograph this screen", SOON);
  await vm.console.expect("clump: report sent to a USB disk", { ...BOOT, whenever: true });
  expect(await stick.read("clump.txt")).toContain("clump.report=usb");
  expect(vm.console.text).not.toMatch(CONFIGURED);
});

// These two mostly wait, and do so at the same time.
test.concurrent("a server that appears after 30 s configures the node without anybody's help; it gets its lease back (P3)", async () => {
  using server = startDhcpServer(SERVER);
  server.answers = false;
  const append = "rd.net.timeout.dhcp=10 debug";
  await using vm = await bootNode({ name: "late-server", append, nics: [onWire(server.path)] });
  await vm.console.expect(ENTERED, BOOT);
  await vm.console.expect("not configured yet", SOON);
  const first = server.requests[0]?.at ?? performance.now();
  await Bun.sleep(Math.max(first + 30_000 - performance.now(), 0));
  expect(server.requests.length).toBeGreaterThan(1);
  expect(server.requests.every(({ type }) => type === DISCOVER)).toBe(true);
  expect(vm.console.text).not.toMatch(CONFIGURED);
  server.answers = true;
  // It asks every 8 s in the first minute, and then ever more rarely, up to 64 s.
  expect((await vm.console.expect(CONFIGURED, { within: 70 }))[1]).toBe("77");
  await vm.console.expect("192.168.7.77", SOON);

  await vm.qmp.execute("system_powerdown");
  await until(() => server.requests.some(({ type, to }) => type === RELEASE && to === SERVER.server), {
    within: 30,
  });
  expect(await vm.ended(SOON)).toBe("guest-shutdown");
});

test.concurrent("a lease of 20 s is renewed by unicast, and goes away with its address when nobody renews it (P5)", async () => {
  using server = startDhcpServer({ ...SERVER, leaseSeconds: 20 });
  await using vm = await bootNode({ name: "renewal", append: "expert", nics: [onWire(server.path)] });
  await vm.console.expect(CONFIGURED, BOOT);
  const renewals = () => server.requests.filter(({ type, to }) => type === REQUEST && to === SERVER.server);
  const discovers = () => server.requests.filter(({ type }) => type === DISCOVER).length;
  const before = discovers();
  await until(() => renewals().length >= 2, { within: 40 });
  const [first, second] = renewals();
  expect(second!.at - first!.at).toBeGreaterThan(5_000);
  // The server knows the name of the node from the first request for its address.
  const named = server.requests.filter(({ type }) => type === REQUEST).map(({ hostname }) => hostname);
  expect(new Set(named)).toEqual(new Set(["node77"]));
  await openShell(vm, SOON);
  expect(await output(vm, "ip -4 addr show eth0")).toContain("inet 192.168.7.77/24");
  expect(discovers()).toBe(before);

  server.answers = false;
  await output(vm, "while ip -4 addr show eth0 | grep -q inet; do sleep 1; done", { within: 40 });
  await output(vm, "until dmesg | grep 'not configured any more'; do sleep 1; done");
});

function onWire(path: string) {
  return { model: "virtio-net-pci", network: { kind: "socket", path } } as const;
}

/** The kernel's own clock at the first line of ours that begins so. */
function secondsOf(text: string, line: string): number {
  const [before = ""] = text.split(`] clump: ${line}`);
  return Number(/[\d.]+$/.exec(before)?.[0]);
}
