/** Makes the disks and kernels of all workstations, as a program of its own. */

import { SUITES } from "../../lib/debian/suites.ts";
import { debianDisk } from "./debian.ts";
import { ownKernel } from "./kernel.ts";

for (const suite of SUITES) await debianDisk(suite);
await ownKernel("trixie");
