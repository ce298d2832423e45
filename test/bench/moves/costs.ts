/** What moves cost, measured between nodes in namespaces of this machine; with its kernel and its criu(8). */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reason } from "../../../system/log.ts";
import { copyCriu } from "../../labs/cluster/criu.ts";
import { formatTable } from "../table.ts";
import { CRIU_PLACE, MovesBed } from "./bed.ts";
import { measureCopies } from "./copies.ts";
import { measureFreeze } from "./freeze.ts";
import { measureComputing, measurePrinting } from "./speed.ts";
import { measureDeputies, measureIdle, measureUnused } from "./standing.ts";

const HEADS = ["moves between namespaces of this machine", "measured", "aim"];
const SMALL_MEGABYTES = 10;
const LINK_RATE = "1gbit";

/** This machine cannot move processes. */
export class NotHere extends Error {}

/** The table; each figure beside what it is to be. @throws NotHere, and Error where a measurement fails */
export async function formatMoveCosts(rounds: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "costs-"));
  try {
    const bed = await MovesBed.start(await findCriu(join(folder, "criu")));
    try {
      return formatTable(HEADS, await measureAll(bed, rounds));
    } finally {
      await bed.nodes.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The criu(8) that CRIU= names, else Debian's for this kernel, in that folder. @throws NotHere */
async function findCriu(folder: string): Promise<string> {
  if (process.getuid?.() !== 0) throw new NotHere("root was wanted");
  const given = process.env["CRIU"];
  if (given !== undefined) return given;
  try {
    await copyCriu(folder, CRIU_PLACE);
  } catch (error) {
    throw new NotHere(`${reason(error)}; CRIU= names another criu`);
  }
  return join(folder, "criu");
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
