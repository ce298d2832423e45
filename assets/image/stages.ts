/** The stages of a build whose results are kept in the cache, each under a digest of what goes into it. */

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { RARE_DRIVERS_FILES } from "../../modes/rare-drivers/rare-drivers-files.ts";
import { TOOLS_FILES } from "../../modes/serve/tools-files.ts";
import { ARCHIVES } from "../archives/archives.ts";
import { SLURM } from "../archives/slurm.ts";
import { TOOLS } from "../archives/tools.ts";
import { fingerprint, fingerprintFiles } from "../build/fingerprint.ts";
import { layOutPages, OWN_MODULES, pagesOf } from "../build/page-layout.ts";
import { CACHE } from "../build/project.ts";
import { packSquashfs, type SquashfsOptions } from "../build/squashfs.ts";
import type { PackageCache } from "../packages/package-cache.ts";
import type { Resolution } from "../packages/packages.ts";
import { archiveFolder } from "./archive-tree.ts";
import { readHotPages } from "./hot-pages.ts";
import { HOT_PAGES, IMAGE_NAME, PLAIN_FILES, PROGRAM } from "./manifest.ts";
import { compileProgram, RUNTIME } from "./program.ts";
import { buildTree, type TreeReport } from "./tree.ts";

/** Whether to do a stage again even when the cache has its result. */
export interface StageOptions {
  readonly anew: boolean;
}

/** What becomes /usr, in `folder`/usr, and the archives, in folders of `folder`/archives. */
export interface Tree {
  readonly folder: string;
  readonly report: TreeReport;
}

/** What the tree is made from, beside packages. */
const TREE_SOURCES = [
  ...["archives", "deputy", "files", "image", "insert", "mosrun", "rootfs"].map((name) => `assets/${name}`),
  "package-lock.json",
];

export async function treeStage(
  resolution: Resolution,
  cache: PackageCache,
  { anew }: StageOptions,
): Promise<Tree> {
  const sources = fingerprintFiles(TREE_SOURCES);
  const folder = join(CACHE, "tree", fingerprint(sources, resolution));
  // Written last: without it the folder is of a build that did not come to its end.
  const reportFile = join(folder, "report.json");
  if (existsSync(reportFile) && !anew)
    return { folder, report: JSON.parse(readFileSync(reportFile, "utf8")) as TreeReport };
  forgetOldest(dirname(folder));
  const report = await buildTree(folder, { resolution, folder: cache.folder, runtime: RUNTIME });
  writeFileSync(reportFile, JSON.stringify(report));
  return { folder, report };
}

/** What the program is made of, and how. */
export const PROGRAM_SOURCES = [
  ...["init", "modes", "cluster", "probes", "system"],
  ...["package.json", "package-lock.json", "tsconfig.json"],
];

const COMPILER_SOURCES = [
  ...["languages.ts", "program.ts"].map((name) => `assets/image/${name}`),
  "assets/build/elf.ts",
];

/** How the program's file is split, and all is packed; the list of pages counts to the tree's sources. */
const PACKER_SOURCES = [
  "cpio.ts",
  "elf.ts",
  "mapping-code.ts",
  "packed-archive.ts",
  "page-layout.ts",
  "squashfs.ts",
].map((name) => `assets/build/${name}`);

/** The path of the compiled program. */
export async function programStage({ anew }: StageOptions): Promise<string> {
  const key = fingerprintFiles([...PROGRAM_SOURCES, ...COMPILER_SOURCES]);
  const path = join(CACHE, "program", key, "clump");
  if (existsSync(path) && !anew) return path;
  forgetOldest(join(CACHE, "program"));
  await compileProgram(path);
  return path;
}

/** All that an image is made from, beside packages. */
export const IMAGE_SOURCES = [...PROGRAM_SOURCES, ...COMPILER_SOURCES, ...TREE_SOURCES, ...PACKER_SOURCES];

/** Paths of what has been packed. */
export interface Packed {
  /** The system, with the program in it. */
  readonly system: string;
  /** The pages of the program that a boot reads; none of them where they are not known. */
  readonly hotPages: string;
  /** The archives of the initramfs. */
  readonly archives: readonly string[];
  readonly tools: string;
  readonly slurm: string;
}

/** Packs the system with the program in it, and the archives. */
export async function packStage(
  tree: string,
  program: string,
  options: SquashfsOptions & StageOptions,
): Promise<Packed> {
  const { level, modified, anew } = options;
  const key = fingerprint(
    tree,
    fingerprintFiles([program], "/"),
    fingerprintFiles(PACKER_SOURCES),
    level,
    modified,
  );
  const folder = join(CACHE, "squashfs", key);
  // The last to be made: without it the folder is of a build that did not come to its end.
  const system = join(folder, "clump.squashfs");
  const archives = ARCHIVES.map(({ name }) => join(folder, `${name}.squashfs`));
  const tools = join(folder, TOOLS_FILES.name);
  const slurm = join(folder, `${SLURM.name}.squashfs`);
  const hotPages = join(folder, basename(HOT_PAGES));
  const packed = { system, hotPages, archives, tools, slurm };
  if (existsSync(system) && !anew) return packed;
  forgetOldest(dirname(folder));
  mkdirSync(folder, { recursive: true });
  writeFileSync(hotPages, placeProgram(tree, program));
  writeFileSync(join(tree, IMAGE_NAME), imageName(tree, program));
  for (const [index, archive] of ARCHIVES.entries())
    await packSquashfs(archiveFolder(tree, archive), archives[index]!, {
      ...{ level, modified },
      tight: archive.packing === "tight",
    });
  await packSquashfs(archiveFolder(tree, TOOLS), tools, { level, modified });
  await packSquashfs(archiveFolder(tree, SLURM), slurm, { level, modified });
  writeFileSync(join(tree, TOOLS_FILES.sum), sumOf(tools));
  writeFileSync(join(tree, RARE_DRIVERS_FILES.sum), sumOf(archives.at(-1)!));
  await packSquashfs(join(tree, "usr"), system, { ...options, plain: PLAIN_FILES });
  return packed;
}

/** Places the program without the pages that a boot reads, which it returns: a node has them in memory as they are. */
function placeProgram(tree: string, program: string): Uint8Array {
  const known = readHotPages(readFileSync(RUNTIME));
  const bytes = readFileSync(program);
  // The first stage mounts the pages on this file.
  writeFileSync(join(tree, HOT_PAGES), "");
  const { program: rest, pages } =
    known.length > 0
      ? layOutPages(bytes, [...known, ...pagesOf(bytes, OWN_MODULES)], `/${HOT_PAGES}`)
      : { program: bytes, pages: Buffer.alloc(0) };
  writeFileSync(join(tree, PROGRAM), rest, { mode: 0o755 });
  return pages;
}

/** By this a node knows the tools and the rare drivers of its own build, wherever they come from. */
function sumOf(path: string): string {
  return `${digestOf(path)} ${statSync(path).size}\n`;
}

function digestOf(path: string): string {
  return new Bun.CryptoHasher("sha256").update(readFileSync(path)).digest("hex");
}

/** The same on two nodes where their /usr is the same: the inputs of the tree, and the program. */
function imageName(tree: string, program: string): string {
  return `${fingerprint(basename(tree), digestOf(program))}\n`;
}

/** Keeps the newest few results of a stage, so that the cache does not grow for ever. */
function forgetOldest(folder: string, keep = 3): void {
  if (!existsSync(folder)) return;
  const paths = readdirSync(folder).map((name) => join(folder, name));
  const newestFirst = paths.sort((a, b) => lstatSync(b).mtimeMs - lstatSync(a).mtimeMs);
  for (const path of newestFirst.slice(keep)) rmSync(path, { recursive: true, force: true });
}
