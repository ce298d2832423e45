/** What moves cost, measured between nodes in namespaces of this machine; with its kernel and its criu(8). */

import { CRIU } from "../../jobs/trial/three-nodes.ts";
import { formatTable } from "../table.ts";
import { MovesBed } from "./bed.ts";
import { measureCopies } from "./copies.ts";
import { measureFreeze } from "./freeze.ts";
import { measureComputing, measurePrinting } from "./speed.ts";
import { measureDeputies, measureIdle, measureUnused } from "./standing.ts";

const HEADS = ["moves between namespaces of this machine", "measured", "aim"];
const SMALL_MEGABYTES = 10;
const LINK_RATE = "1gbit";

/** Why this machine cannot measure; `undefined` where it can. */
export function findHindrance(): string | undefined {
  if (process.getuid?.() !== 0) return "root was wanted";
  const check = Bun.spawnSync([CRIU, "check"], { stdio: ["ignore", "ignore", "pipe"] });
  return check.exitCode === 0
    ? undefined
    : `${CRIU} check says ${check.stderr.toString().trim()}; CRIU= names another criu`;
}

/** The table; each figure beside what it is to be. @throws Error where the machine cannot have the nodes */
export async function formatMoveCosts(rounds: number): Promise<string> {
  const bed = await MovesBed.start(CRIU);
  try {
    return formatTable(HEADS, await measureAll(bed, rounds));
  } finally {
    await bed.nodes.stop();
  }
}

async function measureAll(bed: MovesBed, rounds: number): Promise<string[][]> {
  const rows: string[][] = [];
  const add = (...row: readonly [string, string, string]) => {
    console.error(row.join(": "));
    rows.push([...row]);
  };
  const [processes, held] = measureUnused(bed);
  add("before the first use: processes, memory", `${processes}, ${held.toFixed(1)} MB`, "1, < 3 MB");
  const {
    alone,
    moves: [move = Number.NaN],
  } = await measureFreeze(bed, rounds, [SMALL_MEGABYTES]);
  const times = `${move.toFixed(0)} ms, ${alone.toFixed(0)} ms`;
  add(
    `${SMALL_MEGABYTES} MB stand still; criu alone dumps and restores`,
    `${times}: ${(move / alone).toFixed(2)}`,
    "≤ 1.3",
  );
  add("the daemon, with nothing away, of one core", percent(await measureIdle(bed)), "< 0.2 %");
  add(
    "speed of a job that computes, of that at home",
    (await measureComputing(bed, rounds)).toFixed(3),
    "≥ 0.98",
  );
  const [home, away] = await measurePrinting(bed, rounds);
  const lines = `${away.toFixed(0)} of ${home.toFixed(0)}: ${(away / home).toFixed(2)}`;
  add("lines a second of a job that writes each by itself", lines, "≥ 0.7");
  for (const rate of [LINK_RATE, ""]) {
    const [nc, cp] = await measureCopies(bed, rate, rounds);
    const name = `cp of 100 MB from /mfs; through TCP alone, ${rate === "" ? "no limit" : "1 Gbit/s"}`;
    const ratio = (nc / cp).toFixed(2);
    add(name, `${cp.toFixed(2)} s, ${nc.toFixed(2)} s: ${ratio}`, rate === "" ? "" : "≥ 0.7");
  }
  const deputies = await measureDeputies(bed);
  add("100 deputies: memory of each", `${deputies.megabytes.toFixed(2)} MB`, "< 1 MB");
  add("100 deputies: of one core together", percent(deputies.share), "< 1 %");
  add("the daemon with 100 jobs away, and the deputies", percent(deputies.nodeShare), "");
  return rows;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
