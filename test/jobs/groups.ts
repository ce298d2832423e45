/** A cgroup2 of the machine, mounted for a test. */

import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class Groups {
  readonly path = mkdtempSync(join(tmpdir(), "groups-"));

  constructor() {
    const { exitCode, stderr } = Bun.spawnSync(["mount", "-t", "cgroup2", "none", this.path]);
    if (exitCode !== 0) throw new Error(`Cannot mount cgroup2: ${stderr}`);
  }

  remove(): void {
    Bun.spawnSync(["umount", this.path]);
    rmdirSync(this.path);
  }
}
