/** clumpd as a process of its own, for a test: the words after it are its. */

import { runClumpd } from "../../cluster/daemon/clumpd.ts";

process.exit(await runClumpd(process.argv.slice(2)));
