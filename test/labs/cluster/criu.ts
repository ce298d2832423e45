/** criu(8) for the kernel of this machine. */

import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Suite } from "../../lib/debian/suites.ts";
import { unpackedProgram } from "../../lib/home-programs.ts";

/** That of Debian 12 knows no kernel from 6.13 on. */
const FOR_NEW_KERNELS: Suite = "trixie";

/**
 * Copies criu(8) and what it needs into a folder, which is to be `place` where it runs, default the folder itself; from
 * that Debian. Gives the path of the program there.
 * @throws Error where Debian's mirror does not answer, or the kernel lacks something
 */
export async function copyCriu(
  folder: string,
  place = folder,
  suite: Suite = FOR_NEW_KERNELS,
): Promise<string> {
  const [loader = "", , libraries = "", program = ""] = await unpackedCriu(suite);
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

/** Words that start criu(8), with its libraries. @throws as `copyCriu()` */
export async function unpackedCriu(suite: Suite): Promise<string[]> {
  return await unpackedProgram("criu", "usr/sbin/criu", suite);
}
