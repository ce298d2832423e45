/** Runs many real daemons, each in a namespace, and prints what each takes: `bun test/cluster/crowd.ts [nodes] [seconds]`. */

import { readFileSync } from "node:fs";
import { isAlive } from "../../cluster/gossip/entry.ts";
import { Lan, type LanNode, until } from "./lan.ts";

const [count = 254, seconds = 60] = process.argv.slice(2).map(Number);
const TICKS_PER_SECOND = 100;
/** Whoever comes wakes all others, which are on this one machine. */
const PAUSE_MILLISECONDS = 500;

/** Processor time in seconds, and memory of its own in bytes; proc_pid_stat(5), proc_pid_smaps(5). */
function usage({ pid }: LanNode): { cpu: number; memory: number; resident: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
    .replace(/^.*\) /, "")
    .split(" ");
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
  const kibibytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(rollup)?.[1] ?? 0);
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    memory: 1024 * (kibibytes("Private_Clean") + kibibytes("Private_Dirty")),
    resident: 1024 * kibibytes("Rss"),
  };
}

await using lan = await Lan.create(...Array.from({ length: count }, (_, index) => ({ id: index + 1 })));
const { nodes } = lan;
await lan.introduceAll();
console.log("network made");
const up = (node: LanNode) => node.view()?.nodes.filter(({ state }) => isAlive(state)).length ?? 0;
for (const node of nodes) {
  node.start();
  await until(
    () => node.view() !== undefined,
    () => `no view of node ${node.id}`,
  );
  await Bun.sleep(PAUSE_MILLISECONDS);
}
const took = await until(
  () => nodes.every((node) => up(node) === count),
  () => nodes.map(up).join(" "),
  { within: 300, every: 5_000 },
);
console.log(`all ${count} see all ${took.toFixed(0)} s after the last was started`);
const before = nodes.map(usage);
let worst = count;
for (let second = 0; second < seconds; second += 10) {
  await Bun.sleep(10_000);
  worst = Math.min(worst, ...nodes.map(up));
}
const after = nodes.map(usage);
const cpu = after.map(({ cpu }, index) => (100 * (cpu - before[index]!.cpu)) / seconds);
print("CPU of one, % of a processor", cpu);
print(
  "memory of its own of one, MB",
  after.map(({ memory }) => memory / 2 ** 20),
);
print(
  "resident of one, MB",
  after.map(({ resident }) => resident / 2 ** 20),
);
console.log(`fewest nodes up in any view during ${seconds} s: ${worst}`);

function print(name: string, values: readonly number[]): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  console.log(`${name}: ${mean.toFixed(2)} in the mean, ${Math.max(...values).toFixed(2)} at most`);
}
