/** The virtual machine that `npm start` boots. */

import { IMAGE_WORDS } from "../../modes/serve/entries.ts";
import type { VmOptions } from "../qemu/arguments.ts";
import type { StartOptions } from "./options.ts";

/** The two files that a node boots from, and the archive of the tools. */
export interface BootFiles {
  readonly kernel: string;
  readonly initrd: string;
  readonly tools: string;
}

/** A machine as the options describe it, with a serial line as its console. */
export function nodeMachine(files: BootFiles, options: StartOptions): VmOptions {
  const { mode, append, nics, forwards, memoryMegabytes, cpus } = options;
  const words = ["console=tty0", "console=ttyS0", IMAGE_WORDS, mode && `clump.mode=${mode}`, append];
  return {
    ...files,
    memoryMegabytes,
    cpus,
    append: words.filter(Boolean).join(" "),
    // A port of this machine can lead to only one NIC.
    nics: nics.map((model, index) =>
      index === 0 && forwards.length > 0
        ? { model, network: { kind: "user", forward: forwards } }
        : { model },
    ),
  };
}
