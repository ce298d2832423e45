/** The menus of PXELINUX and iPXE in a served folder. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BOOT_FILES } from "./boot-files.ts";
import { formatIpxeScript } from "./ipxe-script.ts";
import type { NodeOptions } from "./nodes.ts";
import { formatPxelinuxConfigs } from "./pxelinux-config.ts";
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
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  rmSync(join(folder, "pxelinux.cfg"), { recursive: true, force: true });
  put(BOOT_FILES.ipxe, formatIpxeScript(nodes));
  for (const [name, text] of formatPxelinuxConfigs(nodes, http ? `${http}/clump` : "clump"))
    put(`pxelinux.cfg/${name}`, text);
}

/** Without HTTP a node fetches the tools by TFTP from the server that its boot loader names. An option of the user wins. */
function withTools({ nodes, http }: MenuInputs): NodeOptions {
  if (http === undefined) return nodes;
  return { ...nodes, all: `${TOOLS_OPTION}=${http}/${TOOLS_FILES.medium} ${nodes.all}`.trimEnd() };
}
