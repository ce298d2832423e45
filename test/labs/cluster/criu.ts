/** criu(8) for the kernel of this machine: that of Debian 12 knows no kernel from 6.13 on. */

import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { unpackedProgram } from "../../lib/home-programs.ts";

/**
 * Copies criu(8) and what it needs into a folder, which is to be `place` where it runs, default the folder itself. Gives the
 * path of the program there.
 * @throws Error where Debian's mirror does not answer, or the kernel lacks something
 */
export async function copyCriu(folder: string, place = folder): Promise<string> {
  const [loader = "", , libraries = "", program = ""] = await unpackedProgram(
    "criu",
    "usr/sbin/criu",
    "trixie",
  );
  const { exitCode, stderr } = Bun.spawnSync([loader, "--library-path", libraries, program, "check"]);
  if (exitCode !== 0) throw new Error(`Cannot move processes on this kernel: ${stderr.toString().trim()}`);
  mkdirSync(folder);
  for (const library of libraries.split(":").filter(existsSync))
    for (const name of readdirSync(library).filter((each) => each.includes(".so")))
      copyFileSync(join(library, name), join(folder, name));
  copyFileSync(program, join(folder, "criu-program"));
  const words = [join(place, basename(loader)), "--library-path", place, join(place, "criu-program")];
  writeFileSync(join(folder, "criu"), `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`, { mode: 0o755 });
  return join(place, "criu");
}
