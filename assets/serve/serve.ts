/** `npm run serve`: this machine becomes the boot server of its network. */

import { readFileSync, watch } from "node:fs";
import { basename, dirname, join } from "node:path";
import { BootLogScreen } from "../../modes/serve/boot-log-screen.ts";
import { httpBase, startBootServer } from "../../modes/serve/boot-server.ts";
import { NO_OPTIONS, type NodeOptions, parseNodes } from "../../modes/serve/nodes.ts";
import { DIST } from "../build/project.ts";
import { ensureImage } from "../image/ensure.ts";
import { prepareLoaders } from "../loaders/loaders.ts";
import { writePxeMenus, writePxeTree } from "../pxe/tree.ts";
import { readServeOptions, type ServeOptions } from "./options.ts";

async function serve(options: ServeOptions): Promise<void> {
  const http = httpBase(options);
  let nodes: NodeOptions = readNodes(options);
  const folder = join(DIST, "serve");
  const image = await ensureImage();
  await writePxeTree(folder, { image, loaders: await prepareLoaders(), nodes, http });
  const screen = new BootLogScreen(process.stdout);
  const server = await startBootServer({
    options,
    folder,
    seen: (node, log) => screen.show(node, log, nodes),
  });
  followNodes(options, screen, (changed) => {
    nodes = changed;
    writePxeMenus(folder, { nodes, http });
  });
  const how = options.pool ? `DHCP server, ${options.pool.join(" to ")}` : "beside the DHCP server there";
  screen.say(`Serving on ${options.interface} (${how}), files at ${http}. Ctrl-C ends it.`);
  const asked = Promise.withResolvers<undefined>();
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => asked.resolve(undefined));
  const reason = await Promise.race([asked.promise, server.failed]);
  await server.stop();
  if (reason !== undefined) throw new Error(`Cannot serve on ${options.interface}: ${reason}`);
}

function readNodes({ nodes }: ServeOptions): NodeOptions {
  return nodes === undefined ? NO_OPTIONS : parseNodes(readFileSync(nodes, "utf8"));
}

/** Takes the file of nodes anew when it changes; one that cannot be read leaves what was. */
function followNodes(options: ServeOptions, screen: BootLogScreen, take: (nodes: NodeOptions) => void): void {
  const file = options.nodes;
  if (file === undefined) return;
  const read = (): void => {
    try {
      take(readNodes(options));
      screen.say(`Took ${file} anew`);
    } catch (error) {
      screen.say(`${(error as Error).message}; the options stay as they were`);
    }
  };
  try {
    // Editors put a new file in the place of the old one: the folder sees that, the file does not.
    watch(dirname(file), (_event, name) => name === basename(file) && read());
  } catch (error) {
    screen.say(`Cannot follow ${file}: ${(error as Error).message}; SIGHUP has it read anew`);
  }
  process.on("SIGHUP", read);
}

try {
  const options = readServeOptions(process.argv.slice(2));
  if (process.getuid?.() !== 0)
    throw new Error("Cannot serve: DHCP, TFTP and HTTP listen where only root may, and root was wanted");
  await serve(options);
  process.exit(0);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
