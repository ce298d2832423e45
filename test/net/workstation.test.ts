import { expect, test } from "bun:test";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readStatus } from "../../system/state/node-status.ts";
import { createLab } from "./lab.ts";

test("a workstation takes part with whatever address other programs give its NIC, and configures nothing", async () => {
  await using lab = await createLab();
  const { files } = lab;
  await mkdir(join(files, "etc"));
  // /proc/net is that of the process that reads it.
  await symlink("/proc", join(files, "proc"));
  await writeFile(join(files, "etc/clump.conf"), "# the room\n\nclump.moves=maybe\n");
  const station = lab.start("client", [process.execPath, "init/main.ts", "clumpstation", "--root", files]);
  await station.expect(/clump\.conf, line 3: Cannot use clump\.moves=maybe: open or no is wanted/);
  await station.expect(/Cannot take part in the cluster: there is no default route/);
  await lab.run("client", "ip link set eth0 up");
  await lab.run("client", "ip addr add 10.9.0.7/24 dev eth0");
  await lab.run("client", "ip route add default via 10.9.0.1");
  await station.expect(/configured: node 7, 10\.9\.0\.7\/24 on eth0, map 1 10\.9\.0\.1 254/);
  expect(readStatus(files)).toMatchObject({ node: 7, nic: "eth0", address: "10.9.0.7" });
  await lab.run("client", "ip addr del 10.9.0.7/24 dev eth0");
  await station.expect(/Cannot take part in the cluster: /);
  expect(readStatus(files)?.node).toBeUndefined();
  await lab.run("client", "ip addr add 10.9.0.8/24 dev eth0");
  await lab.run("client", "ip route add default via 10.9.0.1");
  await station.expect(/configured: node 8, /);
  expect((await lab.run("client", "ip -o -4 address show eth0")).trim().split("\n")).toHaveLength(1);
});
