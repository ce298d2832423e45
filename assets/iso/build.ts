/** `npm run iso`: writes dist/clump.iso. */

import { join } from "node:path";
import { DIST } from "../build/project.ts";
import { readOptions, runScript } from "../command-line/options.ts";
import { ensureImage } from "../image/ensure.ts";
import { prepareLoaders } from "../loaders/loaders.ts";
import { writeIso } from "./iso.ts";

const SCRIPT = {
  call: "npm run iso",
  does: "Writes dist/clump.iso, for CD and USB stick, BIOS and UEFI.",
  options: { update: { type: "boolean", default: false, describe: "look for newer boot loaders" } },
} as const;

await runScript(async () => {
  const { update } = readOptions(SCRIPT, process.argv.slice(2));
  const image = await ensureImage();
  const path = join(DIST, "clump.iso");
  const { bytes } = await writeIso(path, { image, loaders: await prepareLoaders({ update }) });
  process.stdout.write(`${path}: ${bytes} bytes\n`);
});
