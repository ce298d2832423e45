/** `npm run release`: everything that is given to people, in dist/release/. */

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NO_OPTIONS } from "../../modes/serve/nodes.ts";
import { SLURM_IMAGE } from "../../modes/serve/slurm-files.ts";
import { TOOLS_FILES } from "../../modes/serve/tools-files.ts";
import packageJson from "../../package.json";
import { DIST } from "../build/project.ts";
import { run } from "../build/run.ts";
import { readOptions, runScript } from "../command-line/options.ts";
import { ensureImage } from "../image/ensure.ts";
import { writeIso } from "../iso/iso.ts";
import { prepareLoaders } from "../loaders/loaders.ts";
import { writePxeTree } from "../pxe/tree.ts";
import { writeServeArchive } from "../serve/archive.ts";
import { formatNotes, formatSums, type ReleaseFile, releaseFiles, SIGNATURE_NAMESPACE } from "./notes.ts";
import { writeUki } from "./uki.ts";

const OUT = join(DIST, "release");
const { version } = packageJson;

const SCRIPT = {
  call: "npm run release",
  does: "Writes all files of a release into dist/release/.",
  options: {
    key: {
      type: "string",
      describe: "file of a private SSH key, which signs the checksums",
      requiresArg: true,
    },
  },
} as const;

async function release(key: string | undefined): Promise<void> {
  if (process.env["CLUMP_FAST"] === "1")
    throw new Error("Cannot release what is packed quickly: CLUMP_FAST is 1, and unset was wanted");
  if (key !== undefined && !existsSync(key))
    throw new Error(`Cannot sign with ${key}: there is no such file, and a private SSH key was wanted`);
  const image = await ensureImage();
  const loaders = await prepareLoaders();
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  await writeIso(join(OUT, `clump-${version}.iso`), { image, loaders });
  await writeUki(join(OUT, `clump-${version}.efi`), { image, loaders, version });
  await writePxeArchive(join(OUT, `clump-${version}-pxe.tar`), { image, loaders });
  writeServeArchive(join(OUT, "serve.img"), { image, loaders });
  copyFileSync(image.kernel, join(OUT, "vmlinuz"));
  copyFileSync(image.initramfs, join(OUT, "initramfs.img"));
  copyFileSync(image.tools, join(OUT, TOOLS_FILES.name));
  copyFileSync(image.slurm, join(OUT, SLURM_IMAGE));
  copyFileSync(join(DIST, "sbom.spdx.json"), join(OUT, "sbom.spdx.json"));
  const files = releaseFiles(version).map(describe);
  const parts = [...readParts(), ...loaders.versions];
  const notes = formatNotes({ version, files, parts, isSigned: key !== undefined });
  writeFileSync(join(OUT, "NOTES.md"), notes);
  writeFileSync(join(OUT, "SHA256SUMS"), formatSums([...files, describe("NOTES.md")]));
  if (key !== undefined) await sign(key, join(OUT, "SHA256SUMS"));
  process.stdout.write(`${notes}\nIn ${OUT}${key === undefined ? ", unsigned: there was no --key" : ""}\n`);
}

async function writePxeArchive(
  path: string,
  inputs: Omit<Parameters<typeof writePxeTree>[1], "nodes">,
): Promise<void> {
  const folder = join(OUT, "pxe");
  await writePxeTree(folder, { ...inputs, nodes: NO_OPTIONS });
  const same = [
    "--sort=name",
    "--mtime=@0",
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mode=u=rwX,go=rX",
  ];
  await run("pack the PXE folder", ["tar", "-C", OUT, ...same, "-cf", path, "pxe"]);
  rmSync(folder, { recursive: true });
}

function describe(name: string): ReleaseFile {
  const bytes = readFileSync(join(OUT, name));
  const sha256 = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  return { name, bytes: statSync(join(OUT, name)).size, sha256 };
}

/** Names and versions from the bill of materials. */
function readParts(): { readonly name: string; readonly version: string }[] {
  const { packages } = JSON.parse(readFileSync(join(DIST, "sbom.spdx.json"), "utf8")) as {
    readonly packages: readonly { readonly name: string; readonly versionInfo: string }[];
  };
  return packages.slice(1).map(({ name, versionInfo }) => ({ name, version: versionInfo }));
}

async function sign(key: string, path: string): Promise<void> {
  await run("sign the checksums", ["ssh-keygen", "-Y", "sign", "-f", key, "-n", SIGNATURE_NAMESPACE, path]);
}

await runScript(() => release(readOptions(SCRIPT, process.argv.slice(2)).key));
