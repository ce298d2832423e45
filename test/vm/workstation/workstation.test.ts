import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { oneCluster, secondsUntil } from "../../lib/cluster.ts";
import { output, run } from "../../lib/shell.ts";
import { listFiles } from "./files.ts";
import { ADDRESS } from "./machine.ts";
import { LONG, Pair, WORK } from "./pair.ts";
import { differentObjects, layOutProject, make, PROJECT_FILES } from "./project.ts";

const MACS = ["52:54:00:12:34:02", "52:54:00:12:34:03"];
/** A loaded host is late with the timer of an emulated PC; processes leave these nodes only as the test says. */
const NODES = `* no_timer_check rd.net.timeout.dhcp=100 clump.balance=off\n${MACS[0]} expert\n`;
const PROCESSES = "/sys/fs/cgroup/system.slice/clumpserve.service/cgroup.procs";
const VIEW = `/run/clump/views/${ADDRESS}`;

let cluster: AsyncDisposable;
let pair: Pair;
let desk: Vm;

beforeAll(async () => {
  cluster = await oneCluster();
  pair = await Pair.boot("bookworm", {
    ...{ comesBy: "deb", serves: true },
    files: { nodes: NODES, ...PROJECT_FILES },
  });
  ({ desk } = pair);
}, 900_000);
afterAll(async () => {
  await pair?.[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

let before = "";

test("with four lines, two PCs that start from the network at once are nodes with the workstation's new key", async () => {
  before = await listFiles(desk);
  await output(desk, "apt install -y /srv/clump.deb 2>&1 && cp /srv/nodes /etc/clump.nodes", LONG);
  const joined = await output(desk, "clump join", LONG);
  expect(joined).toContain(`This workstation is node 100, at ${ADDRESS} on eth0.`);
  expect(joined).toContain("The cluster has a new key");
  pair.silenceDhcp();
  expect(await output(desk, "clump serve eth0", LONG)).toBe(
    "The PCs that boot from the network of eth0 become nodes (DHCP server, 192.168.7.101 to 192.168.7.254).\n" +
      "They get the cluster key: every machine on that network can read it from here.\n",
  );
  const started = performance.now();
  const nodes = await pair.bootNodes(MACS);
  console.log(
    `two nodes booted from the workstation in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  expect(nodes.map(({ mode }) => mode)).toEqual(["Expert", "ClumpOS"]);
  expect(await output(pair.node, "cat /etc/clump.key")).toBe(await output(desk, "clump key show"));
  expect((await run(pair.node, `wget -q -O - http://${ADDRESS}/etc/shadow 2>&1`)).code).toBe(1);
  // A user that systemd makes is one of these: systemd.exec(5), DynamicUser=.
  const uids = await output(
    desk,
    `for p in $(cat ${PROCESSES}); do grep ^Uid /proc/$p/status; done | sort -u`,
  );
  expect(uids).toMatch(/^Uid:(\t6[1-5]\d{3}){4}\n$/);
}, 900_000);

test("a process of an ordinary user moves, and its shell cannot tell; another user has no power over it", async () => {
  await pair.bringCriu();
  const pid = await pair.start();
  await expectRefusals(pid);
  const started = performance.now();
  await output(desk, `su u -c "migrate ${pid} ${pair.id}"`, LONG);
  console.log(`a move from the workstation took ${((performance.now() - started) / 1000).toFixed(1)} s`);
  expect(await output(desk, "mps")).toMatch(new RegExp(`^ *${pid} +${pair.id} +1 +S +${WORK}`, "m"));
  expect(await output(pair.node, "clump jobs")).toMatch(new RegExp(`^ *${pid} +work +of 100 `, "m"));
  await expectRefusals(pid);
  expect((await run(desk, "wait $!", LONG)).code).toBe(7);
  expect(await output(desk, "cat /home/u/out")).toBe(pair.expected);
});

/** Another user neither moves a process, nor ends it, nor reads it, at home and while it is away. */
async function expectRefusals(pid: number): Promise<void> {
  for (const words of [`migrate ${pid} ${pair.id}`, `kill ${pid}`, `cat /proc/${pid}/environ`])
    expect(await run(desk, `su v -c "${words}" 2>&1`)).toEqual({
      output: expect.stringMatching(/Permission denied|Operation not permitted/),
      code: 1,
    });
}

test("a process of root stays", async () => {
  const refused = await run(
    desk,
    `sleep 60 </dev/null & migrate $! ${pair.id} 2>&1; s=$?; kill $!; (exit $s)`,
  );
  expect(refused).toEqual({ output: expect.stringContaining("clump.root=yes"), code: 1 });
});

test("make -j4 of an ordinary user spreads by itself, and makes the same objects as at home", async () => {
  await layOutProject(desk);
  await output(desk, "mosctl stay");
  const alone = await make(desk, "0/f.o");
  await output(desk, "mosctl nostay && mosctl nolstay");
  const four = await make(desk, "-j4");
  await output(desk, "mosctl lstay");
  const log = await output(desk, "journalctl -o cat -u clumpd | grep 'the cluster' | cat");
  const moved = [...log.matchAll(/the cluster has moved process \d+ \((.*?)\)/g)].map(([, name]) => name);
  console.log(
    `one compiler took ${alone.toFixed(1)} s at home, four took ${four.toFixed(1)} s, and ${moved.length} of them moved`,
  );
  expect(log).toMatch(/the cluster has moved process \d+ \(cc1\) to node /);
  // The assembler of so much may run for seconds, too.
  expect(moved.filter((name) => name !== "cc1" && name !== "as")).toEqual([]);
  expect(await differentObjects(desk)).toHaveLength(1);
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
  expect(await output(desk, "cat /home/u/out")).toBe(pair.expected);
  await pair.untilStopped();
});

test("the purged package leaves nothing", async () => {
  await output(desk, "apt purge -y clump 2>&1", LONG);
  expect(await listFiles(desk)).toBe(before);
  expect((await run(desk, "ip link show clump-moves 2>&1")).output).toContain("does not exist");
});
