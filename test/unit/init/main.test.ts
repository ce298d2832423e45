import { expect, test } from "bun:test";
import { join } from "node:path";

const PROGRAM = join(import.meta.dir, "../../../init/main.ts");

/** The words before the first line break of what a program says, and its exit code. */
async function run(...words: readonly string[]) {
  const child = Bun.spawn([process.execPath, PROGRAM, ...words], { stdout: "pipe", stderr: "pipe" });
  const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { output: output.split("\n")[0], errors: errors.split("\n")[0], code: await child.exited };
}

test.each(["clumpd", "clumpserve", "clumpweb", "clumpview"])(
  "%s says how it is used, and starts nothing",
  async (name) => {
    const said = await run(name, "--help");
    expect(said).toEqual({ output: expect.stringContaining(`Usage: ${name} `), errors: "", code: 0 });
    const refused = await run(name, "--no-such-word");
    expect(refused).toEqual({ output: "", errors: expect.stringContaining("--no-such-word"), code: 2 });
    expect(refused.errors).toStartWith(`${name}: `);
  },
);
