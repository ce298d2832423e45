/** `npm run deb`: the packages of a workstation, dist/clump_VERSION_amd64.deb and dist/clump-VERSION-linux-x64.tar.xz. */

import { mkdirSync } from "node:fs";
import packageJson from "../../package.json";
import { buildTime } from "../build/build-time.ts";
import { DIST } from "../build/project.ts";
import { readOptions, runScript } from "../command-line/options.ts";
import { ensureImage } from "../image/ensure.ts";
import { programStage } from "../image/stages.ts";
import { prepareLoaders } from "../loaders/loaders.ts";
import { makePackages } from "./packages.ts";

/** Debian's archive takes no file from before its own start, 16 August 1993. */
const FIRST_SECOND = Date.UTC(1993, 7, 16) / 1_000;

const SCRIPT = {
  call: "npm run deb",
  does: "Builds the packages that make a workstation a node: a .deb, and a .tar.xz with an install script.",
  options: {
    fast: { type: "boolean", default: false, describe: "without compression" },
  },
} as const;

await runScript(async () => {
  const { fast } = readOptions(SCRIPT, process.argv.slice(2));
  const program = await programStage({ anew: false });
  mkdirSync(DIST, { recursive: true });
  const { version } = packageJson;
  const time = Math.max(buildTime(), FIRST_SECOND);
  const boot = { image: await ensureImage(), loaders: await prepareLoaders() };
  const { deb, archive } = await makePackages({ out: DIST, program, version, time, fast, boot });
  process.stdout.write(`${deb}\n${archive}\n`);
});
