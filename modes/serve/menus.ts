/** The menus of PXELINUX and iPXE in a served folder. */

import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BOOT_FILES } from "./boot-files.ts";
import { formatIpxeScript } from "./ipxe-script.ts";
import type { NodeOptions } from "./nodes.ts";
import { formatPxelinuxConfigs } from "./pxelinux-config.ts";
import { SLURM_IMAGE } from "./slurm-files.ts";
import { TOOLS_FILES, TOOLS_OPTION } from "./tools-files.ts";

export interface MenuInputs {
  readonly nodes: NodeOptions;
  /** The URL of the folder, as "http://10.0.0.1"; without it all files come by TFTP. */
  readonly http?: string;
}

/** Writes the menus, the only files that depend on the nodes. */
export function writeMenus(folder: string, inputs: MenuInputs): void {
  const { http } = inputs;
  const nodes = withTools(inputs);
  // A node that boots others has none to give.
  const hasSlurm = existsSync(join(folder, "clump", SLURM_IMAGE));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  rmSync(join(folder, "pxelinux.cfg"), { recursive: true, force: true });
  put(BOOT_FILES.ipxe, formatIpxeScript(nodes, { hasSlurm }));
  const files = http ? `${http}/clump` : "clump";
  for (const [name, text] of formatPxelinuxConfigs(nodes, { files, hasSlurm }))
    put(`pxelinux.cfg/${name}`, text);
}

/** Without HTTP a node fetches the tools by TFTP from the server that its boot loader names. An option of the user wins. */
function withTools({ nodes, http }: MenuInputs): NodeOptions {
  if (http === undefined) return nodes;
  return { ...nodes, all: `${TOOLS_OPTION}=${http}/${TOOLS_FILES.medium} ${nodes.all}`.trimEnd() };
}
