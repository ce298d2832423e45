/** Builds the image, stage by stage; each is done again only when what goes into it has changed. */

import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SLURM_IMAGE } from "../../modes/serve/slurm-files.ts";
import { TOOLS_FILES } from "../../modes/serve/tools-files.ts";
import { ARCHIVES } from "../archives/archives.ts";
import { checkToolsSize } from "../archives/tools.ts";
import { buildTime } from "../build/build-time.ts";
import { encodeCpio } from "../build/cpio.ts";
import { withCacheLock } from "../build/lock.ts";
import { packArchive } from "../build/packed-archive.ts";
import { bytesBelow } from "../build/squashfs.ts";
import { archiveFolder } from "./archive-tree.ts";
import type { ImageOptions, ImageReport } from "./options.ts";
import { behindEntries, firstStageEntries, squashfsEntries } from "./outer.ts";
import { preparePackages } from "./prepare.ts";
import { formatSbom } from "./sbom.ts";
import { packStage, programStage, treeStage } from "./stages.ts";

const LEVELS = { fast: 3, small: 19 } as const;

/** Builds vmlinuz, initramfs.img, tools.img, slurm.img, sbom.spdx.json and SHA256SUMS into `options.out`. @throws Error */
export async function buildImage(options: ImageOptions): Promise<ImageReport> {
  try {
    return await withCacheLock("build", () => buildStages(options));
  } finally {
    options.progress.end();
  }
}

async function buildStages(options: ImageOptions): Promise<ImageReport> {
  const started = performance.now();
  const { progress, out, anew = false } = options;
  const modified = buildTime();
  const { resolution, cache } = await preparePackages(options);
  progress.stage("Lay out the system");
  const tree = await treeStage(resolution, cache, { anew });
  progress.stage("Compile the program");
  const program = options.program ?? (await programStage({ anew }));
  progress.stage("Pack the system");
  const level = options.fast ? LEVELS.fast : LEVELS.small;
  const onProgress = (done: number) => progress.update(done);
  const packed = await packStage(tree.folder, program, { level, modified, onProgress, anew });
  if (!options.fast) checkToolsSize(statSync(packed.tools).size);
  progress.stage("Write the image");
  mkdirSync(out, { recursive: true });
  const { release } = tree.report;
  copyFileSync(join(cache.folder(resolution.kernel), "boot", `vmlinuz-${release}`), join(out, "vmlinuz"));
  const inputs = { tree: tree.folder, release, ...packed };
  // The kernel wants as much memory again while it unpacks this part, and has most memory before the rest comes.
  const first = await packArchive(encodeCpio(firstStageEntries(inputs), modified), level);
  const rest = encodeCpio(squashfsEntries(inputs), modified);
  writeFileSync(join(out, "initramfs.img"), Buffer.concat([first, rest]));
  copyFileSync(packed.tools, join(out, TOOLS_FILES.name));
  writeFileSync(
    join(out, SLURM_IMAGE),
    encodeCpio(behindEntries(packed.slurm, ARCHIVES.length + 1), modified),
  );
  writeFileSync(join(out, "sbom.spdx.json"), formatSbom(resolution, tree.report, cache, modified));
  writeSums(out, ["initramfs.img", "sbom.spdx.json", SLURM_IMAGE, TOOLS_FILES.name, "vmlinuz"]);
  const sizes = measure(out, tree.folder, program);
  return { out, tree: tree.report, sizes, milliseconds: performance.now() - started };
}

function writeSums(out: string, names: readonly string[]): void {
  const lines = names.map((name) => {
    const digest = new Bun.CryptoHasher("sha256").update(readFileSync(join(out, name))).digest("hex");
    return `${digest}  ${name}\n`;
  });
  writeFileSync(join(out, "SHA256SUMS"), lines.join(""));
}

function measure(out: string, tree: string, program: string): ImageReport["sizes"] {
  const whole = (name: string) => ({ name, bytes: statSync(join(out, name)).size, part: false });
  const part = (name: string, bytes: number) => ({ name, bytes, part: true });
  const ours = statSync(program).size;
  const modules = bytesBelow(join(tree, "usr/lib/modules"));
  const firmware = bytesBelow(join(tree, "usr/lib/firmware"));
  const userland = bytesBelow(join(tree, "usr")) - ours - modules - firmware;
  return [
    whole("vmlinuz"),
    whole("initramfs.img"),
    part("program", ours),
    part("modules", modules),
    part("firmware", firmware),
    part("userland", userland),
    ...ARCHIVES.map((archive) => part(archive.name, bytesBelow(archiveFolder(tree, archive)))),
    whole(TOOLS_FILES.name),
    whole(SLURM_IMAGE),
  ];
}
