/** How long a process stands still while it moves between two nodes of QEMU, beside criu(8) by itself on one of them. */

import { readFileSync } from "node:fs";
import type { Vm } from "../../assets/qemu/vm.ts";
import { Programs } from "../jobs/compile.ts";
import { bootMember, secondsUntil, startLan } from "../lib/cluster.ts";
import { appendArchive } from "../lib/patched-initrd.ts";
import { output } from "../lib/shell.ts";
import { median } from "./median.ts";
import { formatTable } from "./table.ts";

/** The images of a process have a quarter of the memory. */
const MEMORY_MEGABYTES = 1536;
/** Of each: megabytes, and the share of them that the process changes a second. */
const PROCESSES = [
  [10, 5],
  [200, 5],
  [200, 0],
] as const;
const LONG = { within: 300 };

/** The table of pauses, in milliseconds; the nodes have the image in dist/. */
export async function formatMoves(rounds: number): Promise<string> {
  await using machines = new AsyncDisposableStack();
  const programs = new Programs();
  machines.defer(() => programs.remove());
  const pauses = programs.compile("pauses", ["test/jobs/trial/pauses.c"], "small");
  const initrd = machines.use(
    appendArchive([
      { path: "clump.key", type: "file", mode: 0o600, bytes: Buffer.from("the key of the room\n") },
      { path: "srv", type: "directory", mode: 0o755 },
      { path: "srv/pauses", type: "file", mode: 0o755, bytes: readFileSync(pauses) },
    ]),
  );
  const lan = machines.use(startLan());
  const more = { initrd: initrd.path, memoryMegabytes: MEMORY_MEGABYTES };
  const nodes = await Promise.all(
    [1, 2].map(async (id) => machines.use(await bootMember(id, lan.path, more))),
  );
  for (const node of nodes) await secondsUntil(node, "clump nodes", /(?:.* up .*\n){2}/, 20);
  return await measureAll(nodes[0]!, rounds);
}

async function measureAll(home: Vm, rounds: number): Promise<string> {
  // At its first start criu asks the kernel for its features.
  await measureMove(home, 1, 0);
  const criu: number[] = [];
  const moves = PROCESSES.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    criu.push(await measureCriu(home, 10));
    for (const [index, [megabytes, percent]] of PROCESSES.entries())
      moves[index]!.push(await measureMove(home, megabytes, percent));
  }
  const least = median(moves[0]!);
  const row = (name: string, values: readonly number[]) => [
    name,
    median(values).toFixed(0),
    (median(values) / least).toFixed(2),
  ];
  return formatTable(
    ["a process stands still", "ms", "as a multiple"],
    [
      row("criu alone: dump and restore of 10 MB", criu),
      ...PROCESSES.map(([megabytes, percent], index) =>
        row(`a move: ${megabytes} MB, ${percent} % of them change a second`, moves[index]!),
      ),
    ],
  );
}

/** Milliseconds for which home has heard nothing of a process while it moved. @throws Error where memory was lost */
async function measureMove(home: Vm, megabytes: number, percent: number): Promise<number> {
  const words = `/srv/pauses ${megabytes} ${percent} 2>/tmp/says`;
  await output(home, `rm -f /tmp/says; ${words} | /srv/pauses >/tmp/longest & sleep 1`);
  await secondsUntil(home, "cat /tmp/says", /^\d+\n/, 60);
  await output(home, "migrate $(cat /tmp/says) 2; s=$?; kill $(cat /tmp/says); wait; (exit $s)", LONG);
  const [said, longest] = (await output(home, "cat /tmp/says /tmp/longest")).split("\n").slice(1);
  if (said !== "whole") throw new Error("Cannot measure a move: the process has lost memory");
  return Number(longest);
}

/** Milliseconds that criu takes to write a process and to make it again, on the node that has it. */
async function measureCriu(home: Vm, megabytes: number): Promise<number> {
  await output(home, "rm -rf /run/clump/jobs/alone; mkdir /run/clump/jobs/alone");
  await output(home, `/srv/pauses ${megabytes} 5 >/dev/null 2>/tmp/says </dev/null & sleep 2; cat /tmp/says`);
  const criu = (verb: string) =>
    `/usr/lib/clump/moves/sbin/criu ${verb} -D /run/clump/jobs/alone -j --manage-cgroups=ignore >/dev/null 2>&1`;
  const clock = "read t rest </proc/uptime; echo $t";
  const command = `${clock}; ${criu("dump -t $(cat /tmp/says)")} && ${criu("restore -d")}; s=$?; ${clock}; (exit $s)`;
  const [begin, end] = (await output(home, command, LONG)).trim().split("\n").map(Number);
  await output(home, "kill $(cat /tmp/says)");
  return Math.round((end! - begin!) * 1000);
}
