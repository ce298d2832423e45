/** Our own program, compiled with the runtime that also runs on CPUs without AVX2. */

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ROOT } from "../build/project.ts";
import { run } from "../build/run.ts";
import { removeLanguages } from "./languages.ts";

export const RUNTIME_PACKAGE = "@oven/bun-linux-x64-baseline";

/** The runtime's executable, which the program is a copy of with our code added. */
export const RUNTIME = join(ROOT, "node_modules", RUNTIME_PACKAGE, "bin/bun");

/** Compiles `entry`, a path below `root`, into one executable. @throws Error with the compiler's complaint */
export async function compileProgram(output: string, root = ROOT, entry = "init/main.ts"): Promise<void> {
  // The compiler writes the output's name into the program, so only its folder may be another for a while.
  const partial = `${dirname(output)}.partial`;
  rmSync(partial, { recursive: true, force: true });
  for (const folder of [partial, dirname(output)]) mkdirSync(folder, { recursive: true });
  const runtime = join(partial, "runtime");
  const bytes = readFileSync(RUNTIME);
  removeLanguages(bytes);
  writeFileSync(runtime, bytes, { mode: 0o755 });
  await run(
    `compile ${entry}`,
    [
      join(ROOT, "node_modules/.bin/bun"),
      ...[
        "build",
        "--compile",
        "--minify",
        "--bytecode",
        "--format=esm",
        "--splitting",
        "--target=bun-linux-x64-baseline",
      ],
      `--compile-executable-path=${runtime}`,
      // PID 1 must not take settings from whatever folder it happens to stand in.
      ...["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"],
      // A relative entry, so that the machine's paths do not get into the program.
      ...[`--outfile=${join(partial, basename(output))}`, entry],
    ],
    { cwd: root },
  );
  renameSync(join(partial, basename(output)), output);
  rmSync(partial, { recursive: true });
}
