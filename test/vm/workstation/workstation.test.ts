import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { secondsUntil } from "../../lib/cluster.ts";
import { output, run } from "../../lib/shell.ts";
import { listFiles } from "./files.ts";
import { ADDRESS } from "./machine.ts";
import { LONG, Pair, WORK } from "./pair.ts";

const PROCESSES = "/sys/fs/cgroup/system.slice/clumpserve.service/cgroup.procs";
const VIEW = `/run/clump/views/${ADDRESS}`;

let pair: Pair;
let desk: Vm;

beforeAll(async () => {
  pair = await Pair.boot("bookworm", { serves: true });
  ({ desk } = pair);
}, 900_000);
afterAll(async () => await pair[Symbol.asyncDispose]());

let before = "";

test("the package installs, and clump join makes the workstation a node that the other node sees", async () => {
  before = await listFiles(desk);
  await output(desk, "dpkg -i /srv/clump.deb", LONG);
  expect(await pair.joinNode()).toContain(`This workstation is node 100, at ${ADDRESS} on eth0.`);
});

test("clump serve gives the PCs of its network a menu with its key, its system, and nothing else", async () => {
  pair.silenceDhcp();
  expect(await output(desk, "clump serve eth0", LONG)).toBe(
    "The PCs that boot from the network of eth0 become nodes (DHCP server, 192.168.7.101 to 192.168.7.254).\n" +
      "They get the cluster key: every machine on that network can read it from here.\n",
  );
  const key = (await output(desk, "clump key show")).trim();
  const get = (path: string) => output(pair.node, `wget -q -O - http://${ADDRESS}${path}`);
  expect(await get("/boot.ipxe")).toContain(` clump.key=${key}`);
  const digest = (await output(desk, "sha256sum </usr/lib/clump/boot/clump/vmlinuz")).trim();
  expect(await get("/clump/vmlinuz | sha256sum")).toContain(digest);
  await output(pair.node, `tftp -g -r pxelinux.0 -l /tmp/pxelinux.0 ${ADDRESS}`, LONG);
  expect(await output(pair.node, "sha256sum </tmp/pxelinux.0")).toBe(
    await output(desk, "sha256sum </usr/lib/clump/boot/pxelinux.0"),
  );
  expect((await run(pair.node, `wget -q -O - http://${ADDRESS}/etc/shadow 2>&1`)).code).toBe(1);
  // A user that systemd makes is one of these: systemd.exec(5), DynamicUser=.
  const uids = await output(
    desk,
    `for p in $(cat ${PROCESSES}); do grep ^Uid /proc/$p/status; done | sort -u`,
  );
  expect(uids).toMatch(/^Uid:(\t6[1-5]\d{3}){4}\n$/);
});

test("a process of an ordinary user moves, and its shell cannot tell", async () => {
  await pair.bringCriu();
  const pid = await pair.start();
  const other = await run(desk, `su v -c "migrate ${pid} ${pair.id}" 2>&1`);
  expect(other).toEqual({ output: expect.stringContaining("Permission denied"), code: 1 });
  const started = performance.now();
  await output(desk, `su u -c "migrate ${pid} ${pair.id}"`, LONG);
  console.log(`a move from the workstation took ${((performance.now() - started) / 1000).toFixed(1)} s`);
  expect(await output(desk, "mps")).toMatch(new RegExp(`^ *${pid} +${pair.id} +1 +S +${WORK}`, "m"));
  expect(await output(pair.node, "clump jobs")).toMatch(new RegExp(`^ *${pid} +work +of 100 `, "m"));
  expect((await run(desk, "wait $!", LONG)).code).toBe(7);
  expect(await output(desk, "cat /home/u/out")).toBe(pair.expected);
});

test("a process of root stays", async () => {
  const refused = await run(
    desk,
    `sleep 60 </dev/null & migrate $! ${pair.id} 2>&1; s=$?; kill $!; (exit $s)`,
  );
  expect(refused).toEqual({ output: expect.stringContaining("clump.root=yes"), code: 1 });
});

test("root of the node sees files of the user who has a process there, and not what is another's or root's", async () => {
  await output(
    desk,
    "for p in /home/v/secret /home/u/own; do echo of $p >$p; chmod 600 $p; done; chown u /home/u/own; chown v /home/v/secret",
  );
  const pid = await pair.start();
  await output(desk, `su u -c "migrate ${pid} ${pair.id}"`, LONG);
  const look = (path: string) => run(pair.node, `cat ${path} 2>&1`);
  expect(await look(`${VIEW}/home/u/own`)).toEqual({ output: "of /home/u/own\n", code: 0 });
  for (const path of ["etc/shadow", "home/v/secret", "etc/clump.key"]) {
    expect(await look(`${VIEW}/${path}`)).toEqual({
      output: expect.stringMatching(/Permission denied/),
      code: 1,
    });
    expect((await look(`/mfs/100/${path}`)).code).toBe(1);
  }
});

test("clump leave brings the process home, where it goes on and ends, and then nothing runs", async () => {
  const away = new RegExp(`^ *(\\d+) +${pair.id} +1 +S +${WORK}`, "m");
  const [, pid] = away.exec(await output(desk, "mps")) ?? [];
  const started = performance.now();
  expect(await output(desk, "clump leave", LONG)).toContain(`until they have ended: ${pid}\n`);
  console.log(`clump leave took ${((performance.now() - started) / 1000).toFixed(1)} s`);
  await secondsUntil(pair.node, "clump nodes", /192\.168\.7\.100 .* (dead|left)/, 30);
  expect((await run(desk, "wait $!", LONG)).code).toBe(7);
  await secondsUntil(
    desk,
    "systemctl is-active clump clumpd clumpjobs clumpserve | xargs",
    /^inactive inactive inactive inactive\n/,
    20,
  );
});

test("the purged package leaves nothing", async () => {
  await output(desk, "dpkg -P clump", LONG);
  expect(await listFiles(desk)).toBe(before);
  expect((await run(desk, "ip link show clump-moves 2>&1")).output).toContain("does not exist");
});
