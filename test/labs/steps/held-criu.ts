/** criu(8) that waits before one of its verbs as long as a test wants that. */

import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listOptional } from "../../../system/files.ts";

/** There when criu has been told to restore: it is started before. */
const BEGUN = "begun";

/** Megabytes that fill a connection. */
const LARGE = 32;

export type Verb = "pre-dump" | "dump" | "restore";

export class HeldCriu {
  readonly path: string;
  readonly #holds: string;

  /** In that folder; it runs the program `real`. */
  constructor(folder: string, real: string) {
    this.path = join(folder, "criu");
    this.#holds = join(folder, "holds");
    mkdirSync(this.#holds);
    const script = `#!/bin/sh
verb=$1 images=$5
[ $verb = restore ] && cat "\${15}" && : >${this.#holds}/${BEGUN}
while [ -e ${this.#holds}/$verb ]; do sleep 0.01; done
[ $verb = dump ] && [ -e ${this.#holds}/large ] && head -c ${LARGE}M /dev/zero >"$images/padding.img"
exec ${real} "$@"
`;
    writeFileSync(this.path, script, { mode: 0o755 });
  }

  /** Whether it has been told to restore since it was to hold. */
  get restores(): boolean {
    return existsSync(join(this.#holds, BEGUN));
  }

  hold(verb: Verb): void {
    rmSync(join(this.#holds, BEGUN), { force: true });
    writeFileSync(join(this.#holds, verb), "");
  }

  /** Images become so large that a connection cannot take them at once. */
  enlarge(): void {
    writeFileSync(join(this.#holds, "large"), "");
  }

  let(verb: Verb): void {
    rmSync(join(this.#holds, verb), { force: true });
  }

  letAll(): void {
    for (const name of listOptional(this.#holds)) rmSync(join(this.#holds, name), { force: true });
  }
}
