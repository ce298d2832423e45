/** The boot server of a node on interface `srv`, with the folder of its argument. */

import { startBootServer } from "../../modes/serve/boot-server.ts";

const [folder = ""] = process.argv.slice(2);

await startBootServer({
  options: { interface: "srv", httpPort: 8080 },
  folder,
  seen: (node) => console.log(`seen ${JSON.stringify(node)}`),
});
console.log("started");
await Bun.sleep(120_000);
