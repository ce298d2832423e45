/** What is measured: our image and its peers, and the line by which each says that its address is set. */

import { imageFiles } from "../lib/node.ts";
import { packPeers } from "./peers.ts";

export interface Contestant {
  readonly name: string;
  readonly kernel: string;
  readonly initrd: string;
  /** Words for its kernel command line. */
  readonly append: string;
  readonly addressSet: RegExp;
  /** How its memory is read. */
  readonly memory: "shell" | "screen";
}

/** The same kernel for all. */
export async function findContestants(): Promise<Contestant[]> {
  const { kernel, initrd } = imageFiles();
  const peers = await packPeers();
  return [
    { name: "clump", kernel, initrd, append: "novnc", addressSet: /clump: configured: /, memory: "screen" },
    ...peers.map(
      (peer) =>
        ({ ...peer, kernel, append: "", addressSet: /peer: address set: /, memory: "shell" }) as const,
    ),
  ];
}
