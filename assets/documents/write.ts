/** `npm run documents`: writes what of the documents is made from the code. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build/project.ts";
import { refuseWords, runScript } from "../command-line/options.ts";
import { makeDocuments } from "./documents.ts";

await runScript(async () => {
  const does = "Writes what of the documents is made from the code.";
  refuseWords({ call: "npm run documents", does }, process.argv.slice(2));
  for (const [path, text] of makeDocuments()) writeFileSync(join(ROOT, path), text);
});
