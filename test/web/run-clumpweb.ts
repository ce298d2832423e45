/** clumpweb as a process of its own, for a test: the words after it are its. */

import { runClumpweb } from "../../modes/web/main.ts";

process.exit(await runClumpweb(process.argv.slice(2)));
