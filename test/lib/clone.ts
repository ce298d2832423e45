/** A fresh clone of the checkout, in which lines are typed as a newcomer types them. */

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "../../assets/build/run.ts";

export interface Finished {
  readonly code: number;
  readonly output: string;
  readonly complaint: string;
}

/** Changes that no commit has yet belong to the clone; git refuses a folder of another user unless told otherwise. */
const CLONE = `git -c safe.directory='*' clone --quiet . "$1"
git -c safe.directory='*' diff HEAD --binary | git -C "$1" apply --allow-empty
git -c safe.directory='*' ls-files --others --exclude-standard -z | xargs -0 -r cp --parents -t "$1"`;

/** What a person's terminal has; npm's own variables, as those of npm test, would be taken for options. */
const KEPT = ["CLUMP_FAST", "HOME", "LANG", "PATH", "TERM", "VM_ACCEL", "VM_QEMU", "VM_TIME"];

export class Clone implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "clump-clone-"));
  readonly path = join(this.#folder, "clump");

  private constructor() {}

  /**
   * Clones the checkout that the tests run in. What a first call fetches and builds comes from the checkout too: a test
   * neither waits for the network nor builds the image again.
   */
  static async make(): Promise<Clone> {
    const clone = new Clone();
    try {
      await run("clone the checkout", ["sh", "-ec", CLONE, "sh", clone.path]);
      clone.#takeBuilt();
      return clone;
    } catch (error) {
      clone[Symbol.dispose]();
      throw error;
    }
  }

  /** Types a line without a terminal, and waits for its end. */
  async type(line: string, env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    const child = Bun.spawn(["sh", "-c", line], {
      cwd: this.path,
      env: { ...this.environment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [output, complaint, code] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    return { output, complaint, code };
  }

  environment(): Record<string, string | undefined> {
    return Object.fromEntries(KEPT.map((name) => [name, process.env[name]]));
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #takeBuilt(): void {
    symlinkSync(resolve("node_modules"), join(this.path, "node_modules"));
    // Older than the installed packages, or setup.sh would install them anew, into the checkout.
    utimesSync(join(this.path, "package-lock.json"), 0, 0);
    mkdirSync(join(this.path, ".cache"));
    for (const name of readdirSync(".cache")) {
      const to = join(this.path, ".cache", name);
      // The note of what dist/ was built from belongs to each dist/.
      if (name === "built") cpSync(".cache/built", to);
      else symlinkSync(resolve(".cache", name), to);
    }
    cpSync("dist", join(this.path, "dist"), { recursive: true, filter: (from) => from !== "dist/test" });
  }
}
