/** How long `cp` from /mfs takes, beside a copy through a TCP connection of the same link. */

import { addressOf } from "../../jobs/trial/three-nodes.ts";
import { median } from "../median.ts";
import type { MovesBed } from "./bed.ts";

const MEGABYTES = 100;
const PORT = 7_000;
const CLOCK = "date +%s%N";

/** Seconds, medians. `rate` is that of the link, in words of tc(8); "" for no limit. */
export async function measureCopies(
  bed: MovesBed,
  rate: string,
  rounds: number,
): Promise<[nc: number, cp: number]> {
  const folder = bed.path("memory");
  for (const node of [1, 2] as const) {
    await bed.run(node, `mkdir -p ${folder}; mountpoint -q ${folder} || mount -t tmpfs memory ${folder}`);
    const limit = `tc qdisc add dev eth0 root tbf rate ${rate} burst 256kb latency 50ms`;
    if (rate !== "") await bed.run(node, limit);
  }
  const [streams, copies]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    await bed.run(2, `rm -f ${folder}/*; head -c ${MEGABYTES}M /dev/urandom >${folder}/file.${round}`);
    streams.push(await stream(bed, `${folder}/file.${round}`));
    copies.push(await copy(bed, `${folder}/file.${round}`));
  }
  for (const node of [1, 2] as const) if (rate !== "") await bed.run(node, "tc qdisc del dev eth0 root");
  return [median(streams), median(copies)];
}

async function stream(bed: MovesBed, path: string): Promise<number> {
  const sends = `until ${bed.speed} send ${addressOf(1)} ${PORT} <${path}; do sleep 0.02; done`;
  const takes = `${CLOCK}; ${bed.speed} listen ${PORT} >${path}; ${CLOCK}; cmp -n 1 ${path} ${path}; rm ${path}`;
  const [out] = await Promise.all([bed.run(1, takes), bed.run(2, sends)]);
  return secondsOf(out);
}

async function copy(bed: MovesBed, path: string): Promise<number> {
  // The first look mounts; it is no part of the copy.
  return secondsOf(
    await bed.run(1, `ls /mfs/2/ >&2; ${CLOCK}; cp /mfs/2${path} ${path}; ${CLOCK}; rm ${path}`),
  );
}

function secondsOf(out: string): number {
  const [before, after] = out.trim().split("\n").map(Number);
  return (after! - before!) / 1e9;
}
