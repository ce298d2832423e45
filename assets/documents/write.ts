/** `npm run documents`: writes what of the documents is made from the code. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build/project.ts";
import { makeDocuments } from "./documents.ts";

for (const [path, text] of makeDocuments()) writeFileSync(join(ROOT, path), text);
