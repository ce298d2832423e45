/** `npm run serve`: this machine becomes the boot server of its network. */

import { watch } from "node:fs";
import { basename, dirname, join } from "node:path";
import { BootLogScreen } from "../../modes/serve/boot-log-screen.ts";
import { httpBase, startBootServer } from "../../modes/serve/boot-server.ts";
import type { NodeOptions } from "../../modes/serve/nodes.ts";
import { DIST } from "../build/project.ts";
import { runScript } from "../command-line/options.ts";
import { ensureImage } from "../image/ensure.ts";
import { prepareLoaders } from "../loaders/loaders.ts";
import { readNodesFile } from "../pxe/nodes-file.ts";
import { writePxeMenu, writePxeTree } from "../pxe/tree.ts";
import { readServeOptions, type ServeOptions } from "./options.ts";

async function serve(options: ServeOptions): Promise<void> {
  const http = httpBase(options);
  let nodes: NodeOptions = readNodesFile(options.nodes);
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
    writePxeMenu(folder, { nodes, http });
  });
  const how = options.pool ? `DHCP server, ${options.pool.join(" to ")}` : "beside an existing DHCP server";
  screen.say(`Serving on ${options.interface} (${how}), files at ${http}. Ctrl-C ends it.`);
  const signalled = Promise.withResolvers<undefined>();
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => signalled.resolve(undefined));
  const reason = await Promise.race([signalled.promise, server.failed]);
  await server.stop();
  if (reason !== undefined) throw new Error(`Cannot serve on ${options.interface}: ${reason}`);
}

/** Reads the file of nodes again when it changes; a file that cannot be read changes nothing. */
function followNodes(options: ServeOptions, screen: BootLogScreen, take: (nodes: NodeOptions) => void): void {
  const file = options.nodes;
  if (file === undefined) return;
  const read = (): void => {
    try {
      take(readNodesFile(file));
      screen.say(`Read ${file} again`);
    } catch (error) {
      screen.say(`${(error as Error).message}; the parameters stay as they were`);
    }
  };
  try {
    // An editor puts a new file in the place of the old one: a watcher of the folder sees that, one of the file does not.
    watch(dirname(file), (_event, name) => name === basename(file) && read());
  } catch (error) {
    screen.say(`Cannot watch ${file}: ${(error as Error).message}; SIGHUP makes this server read it again`);
  }
  process.on("SIGHUP", read);
}

await runScript(async () => {
  const options = readServeOptions(process.argv.slice(2));
  if (process.getuid?.() !== 0)
    throw new Error("Cannot serve: DHCP, TFTP and HTTP listen where only root may, and root was wanted");
  await serve(options);
});
// The watcher of the file of nodes would keep the program alive.
process.exit();
