/** Runs in the machine of machine.ts: prints how long processes stand still there while they move, as JSON. */

import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { copyCriu } from "../../../labs/cluster/criu.ts";
import { CRIU_PLACE, MovesBed } from "../bed.ts";
import { measureFreeze } from "../freeze.ts";
import { MEGABYTES, SUITE } from "./pauses.ts";

const folder = join(mkdtempSync("/var/tmp/standstill-"), "criu");
await copyCriu(folder, CRIU_PLACE, SUITE);
const bed = await MovesBed.start(join(folder, "criu"));
try {
  // At its first start criu asks the kernel for its features.
  await measureFreeze(bed, 1, [1]);
  const figures = await measureFreeze(bed, Number(process.argv[2]), MEGABYTES);
  console.log(JSON.stringify(figures));
} finally {
  await bed.nodes.stop();
}
process.exit(0);
