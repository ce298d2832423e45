/** What criu(8) leaves where it is killed while it asks the kernel what that can do: empty folders in /tmp of home. */

import { rmdirSync } from "node:fs";
import { join } from "node:path";
import { listOptional } from "../../system/files.ts";

/** As mkdtemp(3) names them, ".criu.move_mount_set_group.bLcmt3". */
const REMAINS = /^\.criu\.\w+\.\w{6}$/;

/** Where no process moves any more: a criu that runs would miss them. */
export function removeRemains(root: string): void {
  const folder = join(root, "/tmp");
  for (const name of listOptional(folder))
    if (REMAINS.test(name))
      try {
        rmdirSync(join(folder, name));
      } catch {
        // Somebody has put something into it.
      }
}
