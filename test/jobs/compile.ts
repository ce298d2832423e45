/** Compiles C for a test. */

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FOLDER = "assets/deputy";
const SOURCES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".c"))
  .map((name) => `${FOLDER}/${name}`);
const COMMON = ["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror"];
const KINDS = {
  /** Finds what reads or writes where it should not. */
  sanitized: ["gcc", "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover"],
  /** As in the image. */
  small: ["musl-gcc", "-static", "-Os", "-s"],
} as const;

/** Programs in a folder of their own, which goes away with them. */
export class Programs {
  readonly #folder = mkdtempSync(join(tmpdir(), "compiled-"));

  /** The program of deputies and guests. @throws Error with the compiler's words */
  deputy(kind: keyof typeof KINDS): string {
    return this.compile(`deputy-${kind}`, SOURCES, kind);
  }

  /** The path of a program made of C sources. @throws Error with the compiler's words */
  compile(name: string, sources: readonly string[], kind: keyof typeof KINDS): string {
    const path = join(this.#folder, name);
    const { exitCode, stderr } = Bun.spawnSync([...KINDS[kind], ...COMMON, "-o", path, ...sources]);
    if (exitCode !== 0) throw new Error(`Cannot compile ${sources.join(" ")}: ${stderr}`);
    return path;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
