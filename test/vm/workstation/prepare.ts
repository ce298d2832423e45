/** Makes the disks of all workstations, as a program of its own. */

import { SUITES } from "../../lib/debian/suites.ts";
import { debianDisk } from "./debian.ts";

for (const suite of SUITES) await debianDisk(suite);
