/** Makes the disks of all workstations, as a program of its own. */

import { debianDisk, SUITES } from "./debian.ts";

for (const suite of SUITES) await debianDisk(suite);
