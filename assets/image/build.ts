/** `npm run build`: the command line of the image builder. */

import { resolve } from "node:path";
import yargs from "yargs";
import { DIST } from "../build/project.ts";
import { buildImage } from "./build-image.ts";
import { buildDist } from "./ensure.ts";
import { createProgress } from "./progress.ts";
import { formatReport } from "./report.ts";

const { argv } = yargs(process.argv.slice(2))
  .scriptName("npm run build --")
  .usage("$0 [options]\n\nBuilds dist/vmlinuz and dist/initramfs.img from this machine's Debian packages.")
  .options({
    free: { type: "boolean", default: false, describe: "leave out firmware that is not free" },
    suite: { type: "string", describe: "take newer packages from a suite such as bookworm-backports" },
    out: { type: "string", default: "dist", describe: "folder for the finished files" },
    fast: { type: "boolean", default: false, describe: "pack quickly; the image is larger" },
    update: {
      type: "boolean",
      default: false,
      describe: "look for newer packages even if that was done today",
    },
    verbose: { type: "boolean", default: false, describe: "name the firmware that drivers lack, and sizes" },
  })
  .strict();

const { free, suite, out, fast, update, verbose } = await argv;
const progress = createProgress(process.stderr);
try {
  const options = { free, suite, fast, progress, update: update ? "now" : "daily" } as const;
  const folder = resolve(out);
  const report = await (folder === DIST ? buildDist(options) : buildImage({ ...options, out: folder }));
  process.stdout.write(`${formatReport(report, verbose)}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
