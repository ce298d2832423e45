import { expect, test } from "bun:test";
import type { Vm } from "../../assets/qemu/vm.ts";
import { bootMember, secondsUntil, startLan } from "../lib/cluster.ts";
import { output } from "../lib/shell.ts";

/** Computes until SIGUSR1, and then knows whether each step counted once. Its status is the word that follows. */
const JOB =
  'i=0; s=0; stop=0; trap "stop=1" USR1; while [ $stop = 0 ]; do i=$((i+1)); s=$((s+i)); done; ' +
  "[ $s = $((i*(i+1)/2)) ] && echo right; exit";
const STATUSES = [3, 4, 5, 6];
const LONG = { within: 60 };

/** The nodes on which the jobs run, 0 for home. */
async function places(home: Vm): Promise<number[]> {
  const said = await output(home, "mps");
  return [...said.matchAll(/^ *\d+ +(\d+) .*while \[ \$stop/gm)].map(([, node]) => Number(node));
}

async function until(
  home: Vm,
  within: number,
  isSo: (nodes: readonly number[]) => boolean,
): Promise<number[]> {
  const start = performance.now();
  for (;;) {
    const nodes = await places(home);
    if (isSo(nodes)) return nodes;
    if (performance.now() - start > 1_000 * within)
      throw new Error(`Cannot see the jobs go elsewhere within ${within} s: they are on ${nodes.join(" ")}`);
    await Bun.sleep(1_000);
  }
}

test("jobs of a busy node spread over the idle nodes that take guests, by themselves", async () => {
  using lan = startLan();
  await using machines = new AsyncDisposableStack();
  const [home, second] = (await Promise.all(
    [1, 2, 3].map(async (id) =>
      machines.use(await bootMember(id, lan.path, { append: 'expert clump.key="the key of the room"' })),
    ),
  )) as [Vm, Vm, Vm];
  await secondsUntil(home, "clump nodes", /(?:.* up .*\n){3}/, 20);

  // mosctl lstay holds the jobs of the node.
  await output(home, "mosctl lstay");
  for (const status of STATUSES)
    await output(home, `sh -c '${JOB} ${status}' >/tmp/out.${status} 2>/dev/null </dev/null & true`);
  await Bun.sleep(10_000);
  expect(await places(home)).toEqual([0, 0, 0, 0]);

  // mosctl block keeps guests from the node.
  await output(second, "mosctl block");
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

  const ends = 'for p in $(jobs -p); do kill -USR1 $p; wait $p; echo "status $?"; done';
  const said = await output(home, `${ends}; cat /tmp/out.*`, LONG);
  for (const status of STATUSES) expect(said).toContain(`status ${status}\n`);
  expect(said.match(/^right$/gm)).toHaveLength(STATUSES.length);
}, 600_000);
