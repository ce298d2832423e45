import { expect, test } from "bun:test";
import { startDhcpServer } from "../../assets/qemu/lan/dhcp-server.ts";
import { timeFactor, type Vm } from "../../assets/qemu/vm.ts";
import { BOOT, bootNode, CONFIGURED, SOON } from "../lib/node.ts";
import { openShell, output, run } from "../lib/shell.ts";

const IDS = [1, 2, 3];
/** The console is slow to ask, and has its own delays. */
const ASKING = 2;

test("three nodes find each other, one that leaves is gone at once, one that is killed is dead in 10 s", async () => {
  using server = startDhcpServer({
    server: "192.168.7.254",
    client: (lastByte) => `192.168.7.${lastByte}`,
    leaseSeconds: 3600,
  });
  await using machines = new AsyncDisposableStack();
  const nodes = await Promise.all(
    IDS.map(async (id) =>
      machines.use(await bootNode({ ...machine(id, server.path), append: "expert debug" })),
    ),
  );
  const [first, second, third] = nodes as [Vm, Vm, Vm];
  await Promise.all(nodes.map((node) => node.console.expect(CONFIGURED, { within: 2 * BOOT.within })));
  await Promise.all(nodes.map((node) => openShell(node, BOOT)));
  const found = await secondsUntil(first, "mosctl isup 2 && mosctl isup 3", /yes\s+yes/, 5);
  console.log(`seen by node 1 after ${found.toFixed(1)} s of asking`);
  expect(await output(first, "showmap")).toContain("0x0001       192.168.7.1      254");
  expect(await output(third, "clump nodes")).toMatch(/2\s+192\.168\.7\.2\s+up/);
  expect(await output(first, "setpe -r")).toContain("This is OpenMosix node #1");
  expect(await output(first, "mosctl setspeed 23456; mosctl getspeed")).toContain("speed=23456");
  await secondsUntil(third, "mosctl getspeed 1", /speed=23456/, 5);
  expect((await run(first, "mosctl expel")).code).toBe(1);
  await secondsUntil(first, "clumpview --once", /cluster {2}3 nodes, 3 up, open cluster/, 5);

  second.console.send("poweroff\n");
  await secondsUntil(first, "clump nodes", /192\.168\.7\.2\s+left/, 5);
  expect(await second.ended(SOON)).toBe("guest-shutdown");
  await third[Symbol.asyncDispose]();
  const dead = await secondsUntil(first, "clump nodes", /192\.168\.7\.3\s+dead/, 10);
  console.log(`dead after ${dead.toFixed(1)} s`);
}, 300_000);

function machine(id: number, path: string) {
  const mac = `52:54:00:12:34:${id.toString(16).padStart(2, "0")}`;
  const nic = { model: "virtio-net-pci", network: { kind: "socket", path }, mac } as const;
  return { name: `cluster-${id}`, memoryMegabytes: 384, nics: [nic] };
}

/** Runs a command until it says so; gives the seconds it took. */
async function secondsUntil(vm: Vm, command: string, wanted: RegExp, within: number): Promise<number> {
  const start = performance.now();
  const limit = (within + ASKING) * timeFactor();
  for (;;) {
    const { output: said } = await run(vm, command);
    const seconds = (performance.now() - start) / 1000;
    if (wanted.test(said)) return seconds;
    if (seconds > limit) throw new Error(`Cannot see ${wanted} within ${limit} s:\n${said}`);
    await Bun.sleep(500);
  }
}
