import { expect, test } from "bun:test";
import { timeFactor, type Vm } from "../../assets/qemu/vm.ts";
import { bootMember, oneCluster, secondsFromLastLease, secondsUntil, startLan } from "../lib/cluster.ts";
import { SOON } from "../lib/node.ts";
import { appendArchive } from "../lib/patched-initrd.ts";
import { output, run } from "../lib/shell.ts";

const IDS = [1, 2, 3];

test("three nodes find each other, one that leaves is gone at once, one that is killed is dead in 10 s", async () => {
  await using _ = await oneCluster();
  using lan = startLan();
  await using machines = new AsyncDisposableStack();
  const append = (id: number) => (id === 2 ? "expert" : "expert clump.moves=open");
  const nodes = await Promise.all(
    IDS.map(async (id) => machines.use(await bootMember(id, lan.path, { append: append(id) }))),
  );
  const [first, second, third] = nodes as [Vm, Vm, Vm];
  await Promise.all(nodes.map((vm) => secondsUntil(vm, "clump nodes", /(?:.* up .*\n){3}/, 15)));
  const seconds = await secondsFromLastLease(nodes);
  console.log(`all saw all ${seconds.toFixed(1)} s after the last lease`);
  // Real daemons without machines do it within 5 s (test/cluster/lease.test.ts); three emulated ones share a host.
  expect(seconds).toBeLessThan(15 * timeFactor());
  expect(await output(first, "showmap")).toContain("0x0001       192.168.7.1      254");
  expect(await output(first, "setpe -r")).toContain("This is OpenMosix node #1");
  expect(await output(first, "mosctl setspeed 23456; mosctl getspeed")).toContain("speed=23456");
  await secondsUntil(third, "mosctl getspeed 1", /speed=23456/, 5);
  expect((await run(first, "mosctl getyard")).code).toBe(1);
  await secondsUntil(first, "clumpview --once", /cluster +3 nodes, 3 up, open cluster/, 5);

  // Without a key processes move between nodes that say so, and their screens say it.
  const job = "sh -c 'while :; do :; done' </dev/null >/dev/null 2>&1 & sleep 1; echo $!";
  const pid = (await output(first, job)).trim();
  await output(first, `migrate ${pid} 3`, { within: 90 });
  expect(await output(third, "clump jobs")).toMatch(/^ *\d+ +sh +of 1 \(192\.168\.7\.1\)/m);
  expect(await output(first, "clumpview --once")).toMatch(/^danger +strangers' programs run here/m);
  const kept = await run(first, `migrate ${pid} 2 2>&1`, { within: 30 });
  expect(kept.output).toContain("Cannot reach 192.168.7.2: it takes no part in moves");
  await output(first, `kill ${pid}`);
  const refused = await run(second, `migrate ${(await output(second, job)).trim()} 1 2>&1`);
  expect(refused.output).toContain("no process moves in a cluster without a key: clump.key= was wanted");
  expect([kept.code, refused.code]).toEqual([1, 1]);
  expect(await output(second, "clumpview --once")).not.toContain("strangers");

  second.console.send("poweroff\n");
  await secondsUntil(first, "clump nodes", /192\.168\.7\.2\s+left/, 5);
  expect(await second.ended(SOON)).toBe("guest-shutdown");
  await third[Symbol.asyncDispose]();
  const dead = await secondsUntil(first, "clump nodes", /192\.168\.7\.3\s+dead/, 10);
  console.log(`dead after ${dead.toFixed(1)} s`);
});

test("a cut LAN heals, a killed node comes back, and another key is another cluster", async () => {
  await using _ = await oneCluster();
  using lan = startLan();
  const bytes = Buffer.from("the key of the room\n");
  using keyed = appendArchive([{ path: "clump.key", type: "file", mode: 0o600, bytes }]);
  await using machines = new AsyncDisposableStack();
  const [first, second, stranger] = await Promise.all([
    bootMember(1, lan.path, { initrd: keyed.path }).then((vm) => machines.use(vm)),
    bootMember(2, lan.path, { append: 'expert clump.key="the key of the room"' }).then((vm) =>
      machines.use(vm),
    ),
    bootMember(3, lan.path, { append: "expert clump.key=another" }).then((vm) => machines.use(vm)),
  ]);
  await secondsUntil(first, "clump nodes", /192\.168\.7\.2\s+up/, 10);
  // It may have begun last of all.
  await secondsUntil(stranger, "clump nodes", /192\.168\.7\.3\s+up/, 15);
  expect(await output(stranger, "clump nodes")).not.toMatch(/192\.168\.7\.[12]\s/);
  expect(await output(first, "clump nodes")).not.toMatch(/192\.168\.7\.3\s/);

  await second.qmp.execute("set_link", { name: "nic0", up: false });
  await secondsUntil(first, "clump nodes", /192\.168\.7\.2\s+dead/, 10);
  await second.qmp.execute("set_link", { name: "nic0", up: true });
  await secondsUntil(first, "clump nodes", /192\.168\.7\.2\s+up/, 20);

  await second[Symbol.asyncDispose]();
  await secondsUntil(first, "clump nodes", /192\.168\.7\.2\s+dead/, 10);
  const reborn = machines.use(await bootMember(2, lan.path, { initrd: keyed.path }));
  await secondsUntil(first, "clump nodes", /192\.168\.7\.2\s+up/, 5);
  await secondsUntil(reborn, "clump nodes", /192\.168\.7\.1\s+up/, 5);
});
