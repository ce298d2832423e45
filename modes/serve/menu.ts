/** The menu of iPXE in a served folder. */

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BOOT_FILES } from "./boot-files.ts";
import { formatIpxeScript } from "./ipxe-script.ts";
import type { NodeOptions } from "./nodes.ts";
import { SLURM_IMAGE } from "./slurm-files.ts";
import { TOOLS_FILES, TOOLS_OPTION } from "./tools-files.ts";

export interface MenuInputs {
  readonly nodes: NodeOptions;
  /** The URL of the folder, as "http://10.0.0.1"; without it all files come by TFTP. */
  readonly http?: string;
}

/** Writes the menu, the only file that depends on the nodes. */
export function writeMenu(folder: string, inputs: MenuInputs): void {
  // A node that boots others has none to give.
  const hasSlurm = existsSync(join(folder, "clump", SLURM_IMAGE));
  const text = formatIpxeScript(withTools(inputs), { http: inputs.http, hasSlurm });
  writeFileSync(join(folder, BOOT_FILES.ipxe), text);
}

/** Without HTTP a node fetches the tools by TFTP from the server that its boot loader names. An option of the user wins. */
function withTools({ nodes, http }: MenuInputs): NodeOptions {
  if (http === undefined) return nodes;
  return { ...nodes, all: `${TOOLS_OPTION}=${http}/${TOOLS_FILES.medium} ${nodes.all}`.trimEnd() };
}
