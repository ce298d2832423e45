/** A node that leaves sends the guests of other nodes home first, however it is made to leave. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import type { DhcpServer } from "../../../assets/qemu/lan/dhcp-server.ts";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { bootMember, secondsUntil, startLan, startMember } from "../../lib/cluster.ts";
import { output, run } from "../../lib/shell.ts";

const KEY = 'clump.balance=off clump.key="the key of the room"';
const LONG = { within: 60 };
/** The minute that guests have to go, and a person to answer. */
const MINUTE = { within: 90 };

/** Computes until SIGUSR1, and then knows whether each step counted once. Its status is 7. */
const JOB =
  'i=0; s=0; stop=0; trap "stop=1" USR1; while [ $stop = 0 ]; do i=$((i+1)); s=$((s+i)); done; ' +
  "[ $s = $((i*(i+1)/2)) ] && echo right; exit 7";

let lan: DhcpServer;
let home: Vm;
let second: Vm;

beforeAll(async () => {
  lan = startLan();
  [home, second] = await Promise.all([
    bootMember(1, lan.path, { append: `expert ${KEY}` }),
    bootMember(2, lan.path, { append: `expert ${KEY}` }),
  ]);
  await secondsUntil(home, "clump nodes", /(?:.* up .*\n){2}/, 20);
});
afterAll(async () => {
  for (const vm of [home, second]) await vm?.[Symbol.asyncDispose]();
  lan?.[Symbol.dispose]();
});

async function startOnSecond(): Promise<void> {
  await output(home, `sh -c '${JOB}' </dev/null >/tmp/said 2>&1 & true`);
  await output(home, "migrate $! 2", LONG);
}

/** The job is at home, and nothing of it is lost. */
async function endsAtHome(): Promise<void> {
  expect(await output(home, "mps")).toMatch(/ 1 +\d+ .*while \[ \$stop/);
  const said = await run(home, "kill -USR1 $!; wait $!; s=$?; cat /tmp/said; (exit $s)", LONG);
  expect(said).toEqual({ code: 7, output: "right\n" });
}

test("clump stop clumpd", async () => {
  await startOnSecond();
  await output(second, "clump stop clumpd", LONG);
  await endsAtHome();
  // What is away comes home as well.
  await output(second, "clump start clumpd");
  await secondsUntil(home, "clump nodes", /(?:.* up .*\n){2}/, 20);
  await startOnSecond();
  await output(home, "clump stop clumpd", LONG);
  await endsAtHome();
  await output(home, "clump start clumpd");
  await secondsUntil(home, "clump nodes", /(?:.* up .*\n){2}/, 20);
});

test("halt", async () => {
  await startOnSecond();
  second.console.send("halt\n");
  await second.console.expect(/System halted/, LONG);
  await endsAtHome();
});

test("the power button; guests that stay get more time by the person at the screen", async () => {
  await second[Symbol.asyncDispose]();
  second = await startMember(2, lan.path, { append: KEY });
  await secondsUntil(home, "clump nodes", /(?:.* up .*\n){2}/, 60);
  await startOnSecond();
  // The screen of node 2 counts the guest when the node tells others of it; a text that changes is not sent whole.
  await secondsUntil(home, "clump nodes", /^ *2 .* up .* 1 +0 +\d+$/m, 20);
  // Home answers nobody for a while.
  await output(home, "kill -STOP $(pidof clumpjobs)");
  await second.qmp.execute("system_powerdown");
  await second.console.expect(/node 2 shuts down: 1 guest goes home/, LONG);
  await second.console.expect(/(?:60|5\d) s left/, LONG);
  await second.console.expect(/these guests stay, and end:/, MINUTE);
  await second.console.expect(/w: they get a minute more/, LONG);
  second.console.send("w");
  await second.console.expect(/1 guest goes home/, LONG);
  await output(home, "kill -CONT $(pidof clumpjobs)");
  expect(await second.ended(MINUTE)).toBe("guest-shutdown");
  await endsAtHome();
});
