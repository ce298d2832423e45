/** `npm run build`: the command line of the image builder. */

import { resolve } from "node:path";
import { DIST } from "../build/project.ts";
import { readOptions, runScript } from "../command-line/options.ts";
import { buildImage } from "./build-image.ts";
import { buildDist } from "./ensure.ts";
import { createProgress } from "./progress.ts";
import { formatReport } from "./report.ts";

const SCRIPT = {
  call: "npm run build",
  does: "Builds dist/vmlinuz and dist/initramfs.img from this machine's Debian packages.",
  options: {
    free: { type: "boolean", default: false, describe: "leave out firmware that is not free" },
    suite: {
      type: "string",
      describe: "take newer packages from a suite such as bookworm-backports",
      requiresArg: true,
    },
    out: { type: "string", default: "dist", describe: "folder for the finished files", requiresArg: true },
    fast: { type: "boolean", default: false, describe: "pack quickly; the image is larger" },
    update: {
      type: "boolean",
      default: false,
      describe: "look for newer packages, even after the look of today",
    },
    verbose: {
      type: "boolean",
      default: false,
      describe: "print the firmware that drivers lack, and the sizes",
    },
  },
} as const;

await runScript(async () => {
  const { free, suite, fast, out, update, verbose } = readOptions(SCRIPT, process.argv.slice(2));
  const progress = createProgress(process.stderr);
  const options = { free, suite, fast, progress, update: update ? "now" : "daily" } as const;
  const folder = resolve(out);
  const report = await (folder === DIST ? buildDist(options) : buildImage({ ...options, out: folder }));
  process.stdout.write(`${formatReport(report, verbose)}\n`);
});
