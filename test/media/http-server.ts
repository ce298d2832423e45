/** Gives the files of the folder that the argument names, by HTTP on the server's side of a boot network. */

import { serveFiles } from "../../modes/serve/files.ts";

const [folder = ""] = process.argv.slice(2);
await serveFiles({ address: "10.9.0.1", port: 80, folder, requested: () => {} });
