/** A job that shows whether each of its steps was made once: test/jobs/trial/count.c. */

import { readOptional } from "../../../system/files.ts";
import type { LabNode } from "../../jobs/trial/lab-node.ts";
import { until } from "../../lib/until.ts";

const STATUS = 7;
/** Steps of the job that show that it goes on. */
const SOME_STEPS = 4;
const MOST_STEPS = 100_000;
/** The sum of no step, FNV-1a. */
const FIRST_SUM = 2_166_136_261;
const PRIME = 16_777_619;

export class CountJob {
  readonly #output: string;
  readonly #shell: Bun.Subprocess;

  /** Starts it on a node; it writes into the file `output`. */
  constructor(node: LabNode, program: string, output: string, megabytes: number) {
    const words = [program, MOST_STEPS, STATUS, megabytes, "0000000000", FIRST_SUM].map(String);
    // Its own file: what both original and guest would write is twice in it.
    const script = 'exec </dev/null >>"$0" 2>/dev/null; exec "$@"';
    this.#output = output;
    this.#shell = Bun.spawn(node.on("sh", "-c", script, output, ...words), {
      stdio: ["ignore", "ignore", "ignore"],
    });
  }

  get pid(): number {
    return this.#shell.pid;
  }

  get hasEnded(): boolean {
    return this.#shell.exitCode !== null || this.#shell.signalCode !== null;
  }

  /** Resolves when the job has gone on, where it is then. */
  async goesOn(): Promise<void> {
    const before = this.#lines.length;
    await until(() => this.#lines.length >= before + SOME_STEPS);
  }

  /** Ends the job; throws where a line is lost or doubled, or the end is not its own. */
  async endRight(): Promise<void> {
    process.kill(this.pid, "SIGUSR1");
    await until(() => this.hasEnded);
    const code = this.#shell.exitCode;
    const steps = this.#lines.slice(0, -1);
    const sum = steps.reduce((sum, _, step) => Math.imul(sum ^ step, PRIME), FIRST_SUM);
    const expected = [...steps.map((_, step) => `job ${step}`), `job end ${sum >>> 0}`];
    if (code !== STATUS || this.#lines.join() !== expected.join())
      throw new Error(`the job ends with ${code} and has written ${this.#lines.slice(-8)}`);
  }

  /** Resolves with the signal that ends the job. */
  async end(): Promise<NodeJS.Signals | null> {
    await until(() => this.hasEnded);
    return this.#shell.signalCode as NodeJS.Signals | null;
  }

  get #lines(): string[] {
    return (readOptional(this.#output) ?? "").split("\n").slice(0, -1);
  }
}
