/** Suites that run at the same time: one line for each, and the whole output of a suite that failed. */

import type { Suite } from "../suites.ts";

/** Runs all suites at once and prints each as it ends. Resolves to whether all of them passed. */
export async function runSideBySide(
  suites: readonly Suite[],
  print: (text: string) => void,
): Promise<boolean> {
  const width = Math.max(...suites.map(({ name }) => name.length));
  const results = suites.map(async ({ name, command, folders = [] }) => {
    const start = performance.now();
    const { passed, output } = await run([...command, ...folders]);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    print(`${name.padEnd(width)}  ${passed ? "ok" : "FAILED"}  ${seconds} s\n`);
    if (!passed) print(`${output.trimEnd()}\n`);
    return passed;
  });
  return (await Promise.all(results)).every(Boolean);
}

/** Runs a program to its end; `output` has what it wrote to standard output and standard error, in that order. */
async function run(command: readonly string[]): Promise<{ passed: boolean; output: string }> {
  try {
    const child = Bun.spawn([...command], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    const [code, ...outputs] = await Promise.all([child.exited, child.stdout.text(), child.stderr.text()]);
    return { passed: code === 0, output: outputs.join("") };
  } catch (error) {
    return { passed: false, output: (error as Error).message };
  }
}
