/** What a node boots others with, taken into memory from the CD or USB stick that this release comes on. */

import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";
import { listOptional } from "../../init/machine/files.ts";
import { doMounted, loadModules } from "../disks/mounted.ts";
import { tryDevices } from "../disks/try-devices.ts";
import { findUsbPartitions } from "../disks/usb-partitions.ts";
import { applet, type RunTool } from "../report/tool.ts";
import { writeInitramfs } from "./initramfs.ts";
import { MEDIUM_FILES, SERVE_FILES, SERVE_FOLDER } from "./serve-files.ts";

const MODULES = ["sr_mod", "isofs", "sd_mod", "vfat", "exfat", "nls_cp437", "nls_ascii", "nls_utf8"];
const MOUNT = { folder: "/run/clump/medium", options: "ro,nosuid,nodev,noexec" };
/** A drive whose tray goes in tells nobody when it can read the disc. */
const AGAIN_MILLISECONDS = 2_000;
const PATIENCE_MILLISECONDS = 15_000;

const UNPACK_LIMIT_MILLISECONDS = 60_000;
const UNPACK = 'set -o pipefail; cd "$1" && gunzip -c "$2" | cpio -i -d';

const PIECE_BYTES = 2 ** 20;
const WANTED =
  "a CD or USB stick of this release was wanted in this machine, or serve.img behind initramfs.img, as Serve in its menu loads it";

export interface MediumOptions {
  readonly root: string;
  readonly run: RunTool;
  /** What the packed system is read from. */
  readonly system: string;
  readonly patienceMilliseconds?: number;
}

/** Puts the server's files in their folder, and gives the device they came from. @throws Error that says what was wanted */
export async function takeFromMedium(options: MediumOptions): Promise<string> {
  const { root, run, system, patienceMilliseconds = PATIENCE_MILLISECONDS } = options;
  const folder = `${root}${SERVE_FOLDER}.partial`;
  const archive = join(folder, basename(MEDIUM_FILES.archive));
  try {
    await loadModules(MODULES, run);
    mkdirSync(folder, { recursive: true });
    const tried = await tryDevices({
      root,
      find: () => [...findCdDrives(root), ...findUsbPartitions(root)],
      attempt: (device) =>
        doMounted(device, { root, run, ...MOUNT }, (medium) => copyArchive(medium, archive)),
      patienceMilliseconds,
      againMilliseconds: AGAIN_MILLISECONDS,
    });
    if ("refusals" in tried) throw new Error(`${WANTED}: ${describeRefusals(tried.refusals)}`);
    const { ok, complaint } = await run(
      applet("sh", "-c", UNPACK, "sh", folder, archive),
      UNPACK_LIMIT_MILLISECONDS,
    );
    if (!ok) throw new Error(`serve.img of ${tried.device} cannot be unpacked: ${complaint}`);
    // Its memory is wanted for what follows.
    rmSync(archive);
    const unpacked = join(folder, SERVE_FOLDER);
    await writeInitramfs({ folder: unpacked, system });
    putInPlace(unpacked, root + SERVE_FOLDER);
    return tried.device;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function findCdDrives(root: string): string[] {
  const names = listOptional(`${root}/sys/class/block`).filter((name) => /^sr\d+$/.test(name));
  return names.sort().map((name) => `/dev/${name}`);
}

/** Takes the archive off a medium. @throws Error where it is not there, or not what the medium says that it is */
function copyArchive(medium: string, to: string): void {
  const from = join(medium, MEDIUM_FILES.archive);
  if (!existsSync(from)) throw new Error(`it has no ${MEDIUM_FILES.archive}`);
  const sums = readFileSync(join(medium, MEDIUM_FILES.sums), "utf8");
  const wanted = sums.split("\n").find((line) => line.endsWith(`  ${basename(MEDIUM_FILES.archive)}`));
  if (wanted?.split(" ")[0] !== copyFile(from, to))
    throw new Error(`${MEDIUM_FILES.archive} is damaged: its SHA-256 is not the one in ${MEDIUM_FILES.sums}`);
}

/** Gives the SHA-256 of what was copied, in hexadecimal. */
function copyFile(from: string, to: string): string {
  const hash = createHash("sha256");
  const piece = new Uint8Array(PIECE_BYTES);
  const [source, target] = [openSync(from, "r"), openSync(to, "w", 0o600)];
  try {
    for (let bytes = readSync(source, piece); bytes > 0; bytes = readSync(source, piece)) {
      const read = piece.subarray(0, bytes);
      hash.update(read);
      for (let begin = 0; begin < bytes; ) begin += writeSync(target, read, begin);
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
  return hash.digest("hex");
}

/** Beside options for nodes, which may be there. The kernel comes last: where it is, all is. */
function putInPlace(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const last = SERVE_FILES.boot;
  for (const name of [...readdirSync(from).filter((each) => each !== last), last]) {
    rmSync(join(to, name), { recursive: true, force: true });
    renameSync(join(from, name), join(to, name));
  }
}

function describeRefusals(refusals: ReadonlyMap<string, string>): string {
  if (refusals.size === 0) return "there is no CD drive and no USB disk";
  return [...refusals].map(([device, refusal]) => `${device}: ${refusal}`).join("; ");
}
