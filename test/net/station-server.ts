/** The boot server of a workstation whose tree is the first argument; the others are the words of clumpserve. */

import { parseInterfaceOptions } from "../../modes/serve/options.ts";
import { serveAsWorkstation } from "../../modes/serve/workstation.ts";

const [root = "", ...words] = process.argv.slice(2);
process.exit(await serveAsWorkstation(parseInterfaceOptions(words), root));
