/** The images that are measured, and the line by which each says that its address is set. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { imageFiles } from "../lib/node.ts";
import { packPeers } from "./peers.ts";

export interface Contestant {
  readonly name: string;
  readonly kernel: string;
  readonly initrd: string;
  /** Parameters for the kernel command line. */
  readonly append: string;
  readonly addressSet: RegExp;
  /** How the bench reads the memory in use. */
  readonly memory: "shell" | "screen";
}

/** Our image first. The busybox images run on the kernel of our image, an image of another checkout on its own. */
export async function findContestants({
  others,
  withPeers,
}: {
  readonly others: readonly Contestant[];
  readonly withPeers: boolean;
}): Promise<Contestant[]> {
  const { kernel, initrd } = imageFiles();
  const packed = withPeers ? await packPeers() : [];
  return [
    clump("clump", kernel, initrd),
    ...others,
    ...packed.map(
      (peer) =>
        ({ ...peer, kernel, append: "", addressSet: /peer: address set: /, memory: "shell" }) as const,
    ),
  ];
}

/** @throws Error where the folder has no image */
export function imageBeside(folder: string): Contestant {
  const [kernel, initrd] = [join(folder, "vmlinuz"), join(folder, "initramfs.img")];
  const missing = [kernel, initrd].find((path) => !existsSync(path));
  if (missing === undefined) return clump(`clump in ${folder}`, kernel, initrd);
  throw new Error(
    `Cannot measure the image in ${folder}: there is no ${missing}, and a dist/ of npm run build was wanted`,
  );
}

function clump(name: string, kernel: string, initrd: string): Contestant {
  return { name, kernel, initrd, append: "novnc", addressSet: /clump: configured: /, memory: "screen" };
}
