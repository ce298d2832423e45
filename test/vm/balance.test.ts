import { expect, test } from "bun:test";
import { timeFactor, type Vm } from "../../assets/qemu/vm.ts";
import { bootMember, oneCluster, secondsUntil, startLan, startMember } from "../lib/cluster.ts";
import { leaveByEscape } from "../lib/escape.ts";
import { SOON } from "../lib/node.ts";
import { output } from "../lib/shell.ts";

/** Computes until SIGUSR1, and then knows whether each step counted once. Its status is the word that follows. */
const JOB =
  'i=0; s=0; stop=0; trap "stop=1" USR1; while [ $stop = 0 ]; do i=$((i+1)); s=$((s+i)); done; ' +
  "[ $s = $((i*(i+1)/2)) ] && echo right; exit";
const STATUSES = [3, 4, 5, 6];
const LONG = { within: 60 };

/** Where the jobs run that live: 0 is for a process that never left home, 1 for one that has come home. */
async function places(home: Vm): Promise<number[]> {
  const said = await output(home, "mps");
  return [...said.matchAll(/^ *\d+ +(\d+) .*while \[ \$stop/gm)].map(([, node]) => Number(node));
}

async function until(
  home: Vm,
  within: number,
  isSo: (nodes: readonly number[]) => boolean,
): Promise<number[]> {
  const limit = within * timeFactor();
  const start = performance.now();
  for (;;) {
    const nodes = await places(home);
    if (isSo(nodes)) return nodes;
    if (performance.now() - start > 1_000 * limit) {
      const said = await output(home, "clump nodes; dmesg | grep -E 'clump(d|jobs): ' | tail -n 20");
      throw new Error(`Cannot see the jobs on other nodes within ${limit} s: they are on ${nodes}\n${said}`);
    }
    await Bun.sleep(1_000);
  }
}

const KEY = 'clump.key="the key of the room"';

test("jobs of a busy node spread by themselves, also to a node that comes later; guests leave a node that gets busy or shuts down", async () => {
  await using _ = await oneCluster();
  using lan = startLan();
  await using machines = new AsyncDisposableStack();
  const [home, second] = (await Promise.all(
    [1, 2].map(async (id) => machines.use(await bootMember(id, lan.path, { append: `expert ${KEY}` }))),
  )) as [Vm, Vm];
  await secondsUntil(home, "clump nodes", /(?:.* up .*\n){2}/, 20);

  // mosctl block keeps guests from the node.
  await output(second, "mosctl block");
  // mosctl lstay holds the jobs of the node.
  await output(home, "mosctl lstay");
  for (const status of STATUSES)
    await output(home, `sh -c '${JOB} ${status}' >/tmp/out.${status} 2>/dev/null </dev/null & true`);
  // Node 3 has a screen, on its serial line too.
  const third = machines.use(await startMember(3, lan.path, { append: KEY }));
  await secondsUntil(home, "clump nodes", /(?:.* up .*\n){3}/, 120);
  await Bun.sleep(10_000);
  expect(await places(home)).toEqual([0, 0, 0, 0]);

  await output(home, "mosctl nolstay");
  expect(await until(home, 60, (nodes) => nodes.includes(3))).not.toContain(2);
  expect(await output(second, "clump jobs")).toContain("no guest is here");

  await output(second, "mosctl noblock");
  await until(home, 60, (nodes) => [0, 2, 3].every((node) => nodes.includes(node)));
  expect(await output(home, "dmesg | grep 'clumpd: the cluster has moved process'")).toContain(
    " to node 2, ",
  );
  // What runs where is on the screens of home, and the gossip has the numbers on the other nodes.
  expect(await output(home, "mtop --once")).toMatch(/ on node 2$/m);
  await secondsUntil(second, "clump nodes", /^ +1 .* [1-9]\d* +\d+$/m, 10);

  // Node 2 has work of its own, which lstay holds: its guest goes on, or comes home.
  await output(second, "mosctl lstay");
  const loops = "for i in 1 2 3 4; do sh -c 'while :; do :; done' </dev/null >/dev/null 2>&1 & done; true";
  await output(second, loops);
  await until(home, 60, (nodes) => nodes.length === STATUSES.length && !nodes.includes(2));
  const moved = /has moved a guest of 192\.168\.7\.1 to node [13], to end about \d+ s sooner/;
  await secondsUntil(second, "dmesg | grep 'clumpd: the cluster'", moved, 10);
  await until(home, 60, (nodes) => nodes.includes(3));

  // Node 3 shuts down by ESC: its screen counts the guests down while they go.
  await leaveByEscape(third);
  await third.console.expect(/node 3 shuts down: [1-4] guests? goe?s? home/, SOON);
  await third.console.expect(/\d+ s left/, SOON);
  expect(await third.ended({ within: 120 })).toBe("guest-shutdown");
  expect(await places(home)).toHaveLength(STATUSES.length);
  expect(await places(home)).not.toContain(3);

  const ends = 'for p in $(jobs -p); do kill -USR1 $p; wait $p; echo "status $?"; done';
  const said = await output(home, `${ends}; cat /tmp/out.*`, LONG);
  expect([...(said.match(/^status [3-6]$/gm) ?? [])].sort()).toEqual(
    STATUSES.map((status) => `status ${status}`),
  );
  expect(said.match(/^right$/gm)).toHaveLength(STATUSES.length);
});
