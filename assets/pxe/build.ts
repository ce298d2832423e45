/** `npm run pxe`: writes dist/pxe/, for an existing TFTP or HTTP server. */

import { join } from "node:path";
import { BOOT_FILES } from "../../modes/serve/boot-files.ts";
import { DIST } from "../build/project.ts";
import { runScript } from "../command-line/options.ts";
import { ensureImage } from "../image/ensure.ts";
import { prepareLoaders } from "../loaders/loaders.ts";
import { readNodesFile } from "./nodes-file.ts";
import { readPxeOptions } from "./options.ts";
import { writePxeTree } from "./tree.ts";

await runScript(async () => {
  const { nodes: file, http, update } = readPxeOptions(process.argv.slice(2));
  const nodes = readNodesFile(file);
  const image = await ensureImage();
  const folder = join(DIST, "pxe");
  const loaders = await prepareLoaders({ update });
  await writePxeTree(folder, { image, loaders, nodes, ...(http !== undefined && { http }) });
  const { bios, uefi, ipxe } = BOOT_FILES;
  process.stdout.write(`${folder}: serve it by TFTP; a BIOS loads ${bios}, UEFI ${uefi}, iPXE ${ipxe}\n`);
});
