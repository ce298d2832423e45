/** The power of a node fails, while a process is on its way and when it has gone: QEMU is killed. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import type { DhcpServer } from "../../../assets/qemu/lan/dhcp-server.ts";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { bootMember, secondsUntil, startLan } from "../../lib/cluster.ts";
import { output } from "../../lib/shell.ts";

const MEMBER = { append: 'expert clump.balance=off clump.key="the key of the room"' };
const LONG = { within: 90 };
/** The cluster takes a silent node for dead after some 8 s, and an emulated node is slow to say so. */
const DEATH_SECONDS = 40;

/** Computes until SIGUSR1, and then knows whether each step counted once. Its status is 7. */
const JOB =
  'i=0; s=0; stop=0; trap "stop=1" USR1; while [ $stop = 0 ]; do i=$((i+1)); s=$((s+i)); done; ' +
  "[ $s = $((i*(i+1)/2)) ] && echo right; exit 7";

/** From then on criu waits before it dumps as long as /tmp/hold is there. It is mounted by the first move. */
const HOLD_DUMPS = [
  "criu=$(readlink -f /usr/sbin/criu)",
  "touch /tmp/real /tmp/hold",
  "mount --bind $criu /tmp/real",
  `printf '#!/bin/sh\\nwhile [ "$1" = dump ] && [ -e /tmp/hold ]; do sleep 0.1; done\\nexec /tmp/real "$@"\\n' >/tmp/held`,
  "chmod 755 /tmp/held",
  "mount --bind /tmp/held $criu",
].join("; ");

let lan: DhcpServer;
let first: Vm;
let second: Vm;

beforeAll(async () => {
  lan = startLan();
  [first, second] = (await Promise.all([1, 2].map((id) => bootMember(id, lan.path, MEMBER)))) as [Vm, Vm];
  await secondsUntil(first, "clump nodes", /(?:.* up .*\n){2}/, 20);
  await startBoth(first, 2);
  // The power of the guests' node fails.
  await second[Symbol.asyncDispose]();
  // This node takes guests later, whose criu is this one.
  await output(first, "rm /tmp/hold; umount -l $criu");
});
afterAll(async () => {
  for (const vm of [first, second]) await vm?.[Symbol.asyncDispose]();
  lan?.[Symbol.dispose]();
});

/** Starts the job at home, and puts its pid into the variable of that name; its end goes into a file. */
async function start(home: Vm, name: string): Promise<void> {
  const file = `/tmp/${name}`;
  const job = `sh /tmp/job </dev/null >${file} 2>&1 & echo $! >${file}.pid; wait $!; echo $? >${file}.code`;
  await output(home, `rm -f ${file}.*; { ${job}; } & true`);
  await secondsUntil(home, `cat ${file}.pid`, /^\d+$/m, 10);
  await output(home, `${name}=$(cat ${file}.pid)`);
}

/** The pids of two jobs are in $away and $leaving then: one has gone to the node `to`, and one stands still on its way. */
async function startBoth(home: Vm, to: number): Promise<void> {
  await output(home, `echo '${JOB}' >/tmp/job`);
  await start(home, "away");
  await output(home, `migrate $away ${to}`, LONG);
  await output(home, HOLD_DUMPS);
  await start(home, "leaving");
  await output(home, `{ migrate $leaving ${to} >/tmp/why 2>&1; echo $? >/tmp/stays; } & true`);
  await secondsUntil(home, "cat /sys/fs/cgroup/clump/$leaving/cgroup.events", /frozen 1/, 30);
}

test("of the guest's node, before the commit: the process runs on at home, and migrate says why", async () => {
  await secondsUntil(first, "cat /tmp/stays", /^1$/m, DEATH_SECONDS);
  expect(await output(first, "cat /tmp/why")).toContain("is unmovable: ");
  expect(await output(first, "mps")).toMatch(/ 0 +0 +R .*sh \/tmp\/job$/m);
  await output(first, "kill -USR1 $leaving");
  await secondsUntil(first, "cat /tmp/leaving.code", /^7$/m, 10);
  expect(await output(first, "cat /tmp/leaving")).toBe("right\n");
});

test("of the guest's node, after the commit: the job ends by SIGKILL, and the log names it", async () => {
  await secondsUntil(first, "cat /tmp/away.code", /^137$/m, DEATH_SECONDS);
  const words = "job $away (sh) was on 192.168.7.2 and is lost: its node is dead";
  expect(await output(first, `dmesg | grep -c "${words}"`)).toBe("1\n");
});

test("of the home, before the commit and after it: nothing of its jobs is left on the other node", async () => {
  second = await bootMember(2, lan.path, MEMBER);
  await secondsUntil(second, "clump nodes", /(?:.* up .*\n){2}/, 60);
  await startBoth(second, 1);
  const left = "ls /run/clump/jobs/guests | wc -l; ps | grep -c '[s]h /tmp/job'; pidof clump-guest; true";
  expect(await output(first, left)).toMatch(/^2\n1\n\d+/);
  await second[Symbol.asyncDispose]();
  await secondsUntil(first, left, /^0\n0\n$/, DEATH_SECONDS);
});
