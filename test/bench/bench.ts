/** `npm run bench`: how soon a node has its address and what it costs, beside busybox images of the same packages. */

import { mkdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { readOptions, wholeNumber } from "../../assets/command-line/options.ts";
import { ensureImage } from "../../assets/image/ensure.ts";
import { findAccelerator } from "../../assets/qemu/accelerator.ts";
import type { NicModel } from "../../assets/qemu/nics.ts";
import { type Contestant, findContestants } from "./contestants.ts";
import { findFloor } from "./floor.ts";
import { type Boot, measureBoot } from "./measure.ts";
import { median } from "./median.ts";
import { measureScreen } from "./screen-cost.ts";
import { formatSteps } from "./steps.ts";
import { formatTable } from "./table.ts";
import { measureWeb } from "./web-cost.ts";

const NICS: readonly NicModel[] = ["virtio-net-pci", "e1000", "rtl8139"];
const MEMORY_MEGABYTES = 512;
const SCREENS = [
  [20, 80, 25],
  [254, 80, 25],
  [254, 160, 50],
  [1_000, 160, 50],
] as const;
const SCREEN_SECONDS = 30;
const WEB_NODES = [20, 254, 1_000];
const WEB_VIEWERS = 5;

const { floor, ...given } = readOptions(
  {
    call: "npm run bench",
    does: "Measures boot time, memory and size of the image, and the cost of clumpview and clumpweb.",
    options: {
      rounds: { default: 5, describe: "boots of each contestant; the median counts", requiresArg: true },
      floor: { type: "boolean", default: true, describe: "also look for the smallest memory" },
    },
  },
  process.argv.slice(2),
);
const rounds = wholeNumber("rounds", given.rounds, { from: 1 });

await ensureImage();
mkdirSync("dist/bench", { recursive: true });
const contestants = await findContestants();
const boots = await bootAll(contestants);
console.log(`\n${await describeRun()}\n`);
for (const nic of NICS) printNic(nic);
console.log(await formatCosts());
console.log(await formatScreens());
console.log(await formatWebs());
console.log(`Where our time goes (virtio-net-pci, the median boot):\n\n${formatSteps(typicalBoot())}`);

/** Interleaved, so that whatever else this machine does meets all alike. */
async function bootAll(all: readonly Contestant[]): Promise<Map<string, Boot[]>> {
  const results = new Map<string, Boot[]>();
  for (let round = 1; round <= rounds; round++) {
    for (const nic of NICS) {
      for (const contestant of all) {
        const boot = await measureBoot(contestant, { nic, memoryMegabytes: MEMORY_MEGABYTES });
        const key = `${contestant.name} ${nic}`;
        results.set(key, [...(results.get(key) ?? []), boot]);
        console.error(`round ${round}: ${key}: ${boot.fromStart.toFixed(2)} s`);
      }
    }
  }
  return results;
}

function medianOf({ name }: Contestant, nic: NicModel, value: (boot: Boot) => number): number {
  return median(boots.get(`${name} ${nic}`)!.map(value));
}

function printNic(nic: NicModel): void {
  const ours = medianOf(contestants[0]!, nic, ({ fromStart }) => fromStart);
  const rows = contestants.map((each) => {
    const fromStart = medianOf(each, nic, (boot) => boot.fromStart);
    return [
      each.name,
      fromStart.toFixed(2),
      medianOf(each, nic, (boot) => boot.fromInit).toFixed(2),
      medianOf(each, nic, (boot) => boot.megabytes).toFixed(0),
      (ours / fromStart).toFixed(2),
    ];
  });
  const heads = [
    nic,
    "VM start → address set, s",
    "Run /init → address set, s",
    "RAM used, MB",
    "clump is × of it",
  ];
  console.log(formatTable(heads, rows));
}

async function formatCosts(): Promise<string> {
  const rows: string[][] = [];
  for (const each of contestants) {
    const smallest = floor ? String(await findFloor(each)) : "not looked for";
    rows.push([each.name, (statSync(each.initrd).size / 1e6).toFixed(1), smallest]);
  }
  return formatTable(["image", "size, MB", "smallest -m, MB"], rows);
}

/** One clumpview on one terminal, on this machine itself. */
async function formatScreens(): Promise<string> {
  const rows: string[][] = [];
  for (const [nodes, columns, lines] of SCREENS) {
    const share = await measureScreen({ nodes, columns, rows: lines, seconds: SCREEN_SECONDS });
    rows.push([String(nodes), `${columns}x${lines}`, (100 * share).toFixed(2)]);
  }
  return formatTable(["clumpview: nodes, each changing every second", "terminal", "% of one core"], rows);
}

/** One clumpweb with those who look at it, on this machine itself. */
async function formatWebs(): Promise<string> {
  const rows: string[][] = [];
  for (const nodes of WEB_NODES) {
    const cost = await measureWeb({ nodes, viewers: WEB_VIEWERS, seconds: SCREEN_SECONDS });
    const { share, megabytes, kilobytes } = cost;
    rows.push([String(nodes), (100 * share).toFixed(2), megabytes.toFixed(1), kilobytes.toFixed(0)]);
  }
  const head = `clumpweb: nodes, each changing every second, and ${WEB_VIEWERS} pages`;
  return formatTable([head, "% of one core", "memory of its own, MB", "KB/s a page"], rows);
}

function typicalBoot(): Boot {
  const ours = boots.get(`clump ${NICS[0]}`)!;
  return ours.toSorted((a, b) => a.fromStart - b.fromStart)[Math.floor(ours.length / 2)]!;
}

async function describeRun(): Promise<string> {
  const accelerator = await findAccelerator();
  return `QEMU with ${accelerator}, -m ${MEMORY_MEGABYTES}, ${availableParallelism()} processors; median of ${rounds}, interleaved.`;
}
