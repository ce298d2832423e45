/** Compiles C for a test. */

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMPILER_OPTIONS, listSources, STATIC_COMPILER } from "../../assets/build/static-program.ts";

const KINDS = {
  /** Finds what reads or writes where it should not. */
  sanitized: ["gcc", "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover"],
  /** As in the image. */
  small: STATIC_COMPILER,
} as const;

/** Programs in a folder of their own, which goes away with them. */
export class Programs {
  readonly #folder = mkdtempSync(join(tmpdir(), "compiled-"));

  /** The program of deputies and guests. @throws Error with the compiler's words */
  deputy(kind: keyof typeof KINDS): string {
    return this.compile(`deputy-${kind}`, listSources(), kind);
  }

  /** A path by which that program has another name. */
  named(program: string, name: string): string {
    const path = join(mkdtempSync(join(this.#folder, "named-")), name);
    symlinkSync(program, path);
    return path;
  }

  /** A program that runs that one within a network namespace of ip-netns(8). */
  within(network: string, program: string): string {
    const path = join(mkdtempSync(join(this.#folder, "within-")), "program");
    writeFileSync(path, `#!/bin/sh\nexec nsenter --net=/run/netns/${network} ${program} "$@"\n`, {
      mode: 0o755,
    });
    return path;
  }

  /** The path of a program made of C sources. @throws Error with the compiler's words */
  compile(name: string, sources: readonly string[], kind: keyof typeof KINDS): string {
    const path = join(this.#folder, name);
    const { exitCode, stderr } = Bun.spawnSync([...KINDS[kind], ...COMPILER_OPTIONS, "-o", path, ...sources]);
    if (exitCode !== 0) throw new Error(`Cannot compile ${sources.join(" ")}: ${stderr}`);
    return path;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
