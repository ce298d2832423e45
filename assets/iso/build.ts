/** `npm run iso`: writes dist/clump.iso. */

import { join } from "node:path";
import yargs from "yargs";
import { DIST } from "../build/project.ts";
import { ensureImage } from "../image/ensure.ts";
import { prepareLoaders } from "../loaders/loaders.ts";
import { writeIso } from "./iso.ts";

const { argv } = yargs(process.argv.slice(2))
  .scriptName("npm run iso --")
  .usage("$0 [options]\n\nWrites dist/clump.iso, for CD and USB disk, BIOS and UEFI.")
  .option("update", { type: "boolean", default: false, describe: "look for newer boot loaders" })
  .strict()
  .version(false);

try {
  const { update } = await argv;
  const image = await ensureImage();
  const path = join(DIST, "clump.iso");
  const { bytes } = await writeIso(path, { ...image, loaders: await prepareLoaders({ update }) });
  process.stdout.write(`${path}: ${bytes} bytes\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
