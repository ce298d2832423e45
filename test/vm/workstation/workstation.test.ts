import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { secondsUntil } from "../../lib/cluster.ts";
import { output, run } from "../../lib/shell.ts";
import { ADDRESS } from "./machine.ts";
import { LONG, Pair, WORK } from "./pair.ts";

const VIEW = `/run/clump/views/${ADDRESS}`;

let pair: Pair;
let desk: Vm;
let node: Vm;

beforeAll(async () => {
  pair = await Pair.boot("bookworm");
  ({ desk, node } = pair);
}, 900_000);
afterAll(async () => await pair[Symbol.asyncDispose]());

/** Every file of the disk, without what packages and the system note of their own work. */
async function listFiles(): Promise<string> {
  const noted = ["/var/log", "/var/lib/dpkg", "/var/lib/systemd", "/var/cache", "/srv", "/home"];
  const prune = noted.map((path) => `-path ${path}`).join(" -o ");
  return await output(desk, `find / /run/clump -xdev \\( ${prune} \\) -prune -o -print 2>/dev/null | sort`);
}

let before = "";

test("the package installs, and clump join makes the workstation a node that the other node sees", async () => {
  before = await listFiles();
  expect(await pair.join()).toContain(`This workstation is node 100, at ${ADDRESS} on eth0.`);
  await secondsUntil(desk, "clump nodes", /192\.168\.7\.2 .* up /, 30);
  await secondsUntil(node, "clump nodes", /192\.168\.7\.100 .* up /, 30);
});

test("a process of an ordinary user moves, and its shell cannot tell", async () => {
  await pair.bringCriu();
  const pid = await pair.start();
  const other = await run(desk, `su v -c "migrate ${pid} 2" 2>&1`);
  expect(other).toEqual({ output: expect.stringContaining("Permission denied"), code: 1 });
  const started = performance.now();
  await output(desk, `su u -c "migrate ${pid} 2"`, LONG);
  console.log(`a move from the workstation took ${((performance.now() - started) / 1000).toFixed(1)} s`);
  expect(await output(desk, "mps")).toMatch(new RegExp(`^ *${pid} +2 +1 +S +${WORK}`, "m"));
  expect(await output(node, "clump jobs")).toMatch(new RegExp(`^ *${pid} +work +of 100 `, "m"));
  expect((await run(desk, "wait $!", LONG)).code).toBe(7);
  expect(await output(desk, "cat /home/u/out")).toBe(pair.expected);
});

test("a process of root stays", async () => {
  const refused = await run(desk, "sleep 60 </dev/null & migrate $! 2 2>&1; s=$?; kill $!; (exit $s)");
  expect(refused).toEqual({ output: expect.stringContaining("clump.root=yes"), code: 1 });
});

test("root of the node sees files of the user who has a process there, and not what is another's or root's", async () => {
  await output(
    desk,
    "for p in /home/v/secret /home/u/own; do echo of $p >$p; chmod 600 $p; done; chown u /home/u/own; chown v /home/v/secret",
  );
  const pid = await pair.start();
  await output(desk, `su u -c "migrate ${pid} 2"`, LONG);
  const look = (path: string) => run(node, `cat ${path} 2>&1`);
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
  const away = new RegExp(`^ *(\\d+) +2 +1 +S +${WORK}`, "m");
  const [, pid] = away.exec(await output(desk, "mps")) ?? [];
  const started = performance.now();
  expect(await output(desk, "clump leave", LONG)).toContain(`until they have ended: ${pid}\n`);
  console.log(`clump leave took ${((performance.now() - started) / 1000).toFixed(1)} s`);
  await secondsUntil(node, "clump nodes", /192\.168\.7\.100 .* (dead|left)/, 30);
  expect((await run(desk, "wait $!", LONG)).code).toBe(7);
  await secondsUntil(
    desk,
    "systemctl is-active clump clumpd clumpjobs | xargs",
    /^inactive inactive inactive\n/,
    20,
  );
});

test("the purged package leaves nothing", async () => {
  await output(desk, "dpkg -P clump", LONG);
  expect(await listFiles()).toBe(before);
  expect((await run(desk, "ip link show clump-moves 2>&1")).output).toContain("does not exist");
});
