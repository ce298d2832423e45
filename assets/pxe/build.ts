/** `npm run pxe`: writes dist/pxe/, for a TFTP or HTTP server that is there already. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import yargs from "yargs";
import { BOOT_FILES } from "../../modes/serve/boot-files.ts";
import { NO_OPTIONS, parseNodes } from "../../modes/serve/nodes.ts";
import { DIST } from "../build/project.ts";
import { ensureImage } from "../image/ensure.ts";
import { prepareLoaders } from "../loaders/loaders.ts";
import { writePxeTree } from "./tree.ts";

const { argv } = yargs(process.argv.slice(2))
  .scriptName("npm run pxe --")
  .usage("$0 [options]\n\nWrites dist/pxe/, the folder that nodes without a medium boot from.")
  .options({
    nodes: { type: "string", describe: "a file of options for all nodes and for each", requiresArg: true },
    http: {
      type: "string",
      describe: "where the folder is served by HTTP, as http://10.0.0.1",
      requiresArg: true,
    },
    update: { type: "boolean", default: false, describe: "look for newer boot loaders" },
  })
  .strict()
  .version(false);

try {
  const { nodes: file, http, update } = await argv;
  const nodes = file === undefined ? NO_OPTIONS : parseNodes(readFileSync(file, "utf8"));
  const image = await ensureImage();
  const folder = join(DIST, "pxe");
  const loaders = await prepareLoaders({ update });
  await writePxeTree(folder, { image, loaders, nodes, ...(http && { http: http.replace(/\/$/, "") }) });
  const { bios, uefi, ipxe } = BOOT_FILES;
  process.stdout.write(`${folder}: serve it by TFTP; a BIOS loads ${bios}, UEFI ${uefi}, iPXE ${ipxe}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
